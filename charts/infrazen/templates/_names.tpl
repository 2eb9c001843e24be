{{/* The name that objects begin with. */}}
{{- define "infrazen.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What tells the pods of one component from all others: of (dict "root" $ "component" "ui"). */}}
{{- define "infrazen.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/*
The labels of pods. No version among them: pods are replaced when what runs in them changes, and a
database whose data ends with its pod must not be.
*/}}
{{- define "infrazen.podLabels" -}}
{{ include "infrazen.selector" . }}
app.kubernetes.io/part-of: infrazen
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The labels of an object. */}}
{{- define "infrazen.labels" -}}
{{ include "infrazen.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: infrazen
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The reference of an image: of (dict "root" $ "image" .Values.images.ui). */}}
{{- define "infrazen.image" -}}
{{- $registry := default .image.registry .root.Values.images.registry -}}
{{- $name := ternary .image.repository (printf "%s/%s" $registry .image.repository) (empty $registry) -}}
{{- if .image.digest -}}
{{- printf "%s@%s" $name .image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default .root.Chart.AppVersion .image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "infrazen.pullSecrets" -}}
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The namespaces whose CloudConnections run, as a JSON list. */}}
{{- define "infrazen.namespaces" -}}
{{- .Values.operator.namespaces | default (list .Release.Namespace) | uniq | toJson -}}
{{- end -}}

{{/* The same and the release's own, where jobs run that need no credentials. */}}
{{- define "infrazen.jobNamespaces" -}}
{{- prepend (include "infrazen.namespaces" . | fromJsonArray) .Release.Namespace | uniq | toJson -}}
{{- end -}}

{{/* The namespace in which the UI may write connections. */}}
{{- define "infrazen.writeNamespace" -}}
{{- .Values.ui.cluster.writeNamespace | default (include "infrazen.namespaces" . | fromJsonArray | first) -}}
{{- end -}}
