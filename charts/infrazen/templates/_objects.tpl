{{/* A service account of a component in the release's namespace. */}}
{{- define "infrazen.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "infrazen.fullname" .root }}-{{ .component }}
  namespace: {{ default .root.Release.Namespace .namespace }}
  labels:
    {{- include "infrazen.labels" . | nindent 4 }}
  {{- with .root.Values.serviceAccounts.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}

{{/*
Rights of a component's service account where CloudConnections are watched: a Role in each
namespace, one ClusterRole only where all are. Of (dict "root" "component" "rules" [text]).
*/}}
{{- define "infrazen.watchedRights" -}}
{{- if .root.Values.operator.allNamespaces }}
{{- include "infrazen.rights" (merge (dict "kind" "ClusterRole") .) }}
{{- else }}
{{- $call := . }}
{{- range $namespace := include "infrazen.namespaces" .root | fromJsonArray }}
{{- include "infrazen.rights" (merge (dict "kind" "Role" "namespace" $namespace) $call) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* A Role or ClusterRole and its binding; `suffix` tells several of one component apart. */}}
{{- define "infrazen.rights" -}}
{{- $account := printf "%s-%s" (include "infrazen.fullname" .root) .component }}
{{- $name := printf "%s%s" $account (default "" .suffix) }}
{{- if eq .kind "ClusterRole" }}
{{- $name = printf "%s-%s" .root.Release.Namespace $name }}
{{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}
metadata:
  name: {{ $name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "infrazen.labels" . | nindent 4 }}
rules:
  {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
metadata:
  name: {{ $name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "infrazen.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ $name }}
subjects:
  - kind: ServiceAccount
    name: {{ $account }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}

{{/* Of (dict "root" "component" "replicas" "wanted"): one pod alone must not keep a node. */}}
{{- define "infrazen.disruptionBudget" -}}
{{- if and .wanted (gt (int .replicas) 1) }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "infrazen.fullname" .root }}-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "infrazen.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "infrazen.selector" . | nindent 6 }}
{{- end }}
{{- end -}}

{{/* A container that brings the database to this version: safe to repeat, and at several places. */}}
{{- define "infrazen.migrate" -}}
image: {{ include "infrazen.image" . }}
imagePullPolicy: {{ .root.Values.images.pullPolicy }}
command: [infrazen, db, upgrade, --wait, {{ .root.Values.migrations.waitSeconds | int64 | quote }}]
{{ include "infrazen.environment" .root }}
env:
  - {name: INFRAZEN_DATA_DIR, value: /tmp}
securityContext:
  {{- include "infrazen.containerSecurity" .root | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
{{- end -}}

{{/* What pods read at their start: they are replaced when it changes. */}}
{{- define "infrazen.environmentChecksum" -}}
{{- include "infrazen.makeUp" . -}}
{{- $read := list (include "infrazen.settings" .) -}}
{{- if not .Values.environment.existingSecret -}}
{{- $read = append $read (list (include "infrazen.databaseUrl" .) .Values.madeUp.keys .Values.madeUp.metrics) -}}
{{- end -}}
{{- if include "infrazen.bundledRedis" . -}}
{{- $read = append $read (include "infrazen.redisUrl" .) -}}
{{- end -}}
checksum/environment: {{ $read | toJson | sha256sum }}
{{- end -}}
