{{/* Restricted pod security, written out: of (dict "user" 65532 "group" 65532). */}}
{{- define "infrazen.podSecurity" -}}
runAsNonRoot: true
{{- if not (kindIs "invalid" .user) }}
runAsUser: {{ int64 .user }}
runAsGroup: {{ int64 .user }}
{{- end }}
{{- if not (kindIs "invalid" .group) }}
fsGroup: {{ int64 .group }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "infrazen.ownPodSecurity" -}}
{{- include "infrazen.podSecurity" (dict "user" .Values.security.runAsUser "group" .Values.security.fsGroup) -}}
{{- end -}}

{{- define "infrazen.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where a pod may run: of the values of its component. */}}
{{- define "infrazen.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* Database, keys and settings of whatever runs InfraZen's core; of two sources the last wins. */}}
{{- define "infrazen.environment" -}}
envFrom:
  - configMapRef:
      name: {{ include "infrazen.fullname" . }}-settings
  - secretRef:
      name: {{ include "infrazen.environmentSecret" . }}
{{- end -}}
