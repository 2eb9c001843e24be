{{/* Ports of a rule: of a list of numbers; protocols TCP unless "protocols" says others. */}}
{{- define "infrazen.ports" -}}
ports:
{{- range $port := .ports }}
{{- range $protocol := default (list "TCP") $.protocols }}
  - {protocol: {{ $protocol }}, port: {{ $port }}}
{{- end }}
{{- end }}
{{- end -}}

{{/* An egress rule of (dict "to" [peers] "ports" [numbers]); without peers it leads anywhere. */}}
{{- define "infrazen.egress" -}}
- {{ include "infrazen.ports" . | nindent 2 | trim }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "infrazen.egressDns" -}}
{{- $dns := .Values.networkPolicy.dns -}}
{{- include "infrazen.egress" (dict "to" $dns.to "ports" $dns.ports "protocols" (list "UDP" "TCP")) -}}
{{- end -}}

{{- define "infrazen.egressApiServer" -}}
{{- include "infrazen.egress" .Values.networkPolicy.apiServer -}}
{{- end -}}

{{/* To the database, wherever it is; jobs of other namespaces name its namespace. */}}
{{- define "infrazen.egressDatabase" -}}
{{- if include "infrazen.bundledDatabase" . -}}
{{- include "infrazen.egress" (dict "ports" (list 5432) "to" (list (include "infrazen.peer" (dict "root" . "component" "postgresql") | fromYaml))) -}}
{{- else -}}
{{- include "infrazen.egress" .Values.networkPolicy.database -}}
{{- end -}}
{{- end -}}

{{- define "infrazen.egressRedis" -}}
{{- if include "infrazen.bundledRedis" . -}}
{{- include "infrazen.egress" (dict "ports" (list 6379) "to" (list (include "infrazen.peer" (dict "root" . "component" "redis") | fromYaml))) -}}
{{- else if include "infrazen.hasRedis" . -}}
{{- include "infrazen.egress" .Values.networkPolicy.redis -}}
{{- end -}}
{{- end -}}

{{- define "infrazen.egressProviders" -}}
{{- include "infrazen.egress" .Values.networkPolicy.providers -}}
{{- with .Values.networkPolicy.extraEgress }}
{{ toYaml . }}
{{- end -}}
{{- end -}}

{{/* The pods of a component, seen from any namespace. */}}
{{- define "infrazen.peer" -}}
namespaceSelector:
  matchLabels:
    kubernetes.io/metadata.name: {{ .root.Release.Namespace }}
podSelector:
  matchLabels:
    {{- include "infrazen.selector" . | nindent 4 }}
{{- end -}}

{{/* The pods of jobs that the operator makes, in one namespace or in those that may have some. */}}
{{- define "infrazen.jobPods" -}}
matchLabels:
  app.kubernetes.io/managed-by: infrazen-operator
matchExpressions:
  - {key: infrazen.io/purpose, operator: Exists}
{{- end -}}

{{/* The beginning of a policy of (dict "root" "component"), up to its rules. */}}
{{- define "infrazen.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "infrazen.fullname" .root }}-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "infrazen.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "infrazen.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
{{- end -}}
