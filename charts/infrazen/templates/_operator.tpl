{{/*
The operator's program in one of its two forms, `run` or `secrets`, up to its list of variables:
what follows the inclusion goes on with it.
*/}}
{{- define "infrazen.operatorContainer" -}}
image: {{ include "infrazen.image" (dict "root" .root "image" .root.Values.images.operator) }}
imagePullPolicy: {{ .root.Values.images.pullPolicy }}
command: [python, -m, infrazen_operator, {{ .verb }}]
ports:
  - {name: metrics, containerPort: 8081}
startupProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: metrics}
  periodSeconds: 10
  timeoutSeconds: 5
securityContext:
  {{- include "infrazen.containerSecurity" .root | nindent 2 }}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
env:
  - name: POD_NAMESPACE
    valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
  - name: POD_NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  - {name: INFRAZEN_LOG_FORMAT, value: json}
  - {name: INFRAZEN_LOG_LEVEL, value: {{ .root.Values.operator.logLevel }}}
  - {name: INFRAZEN_OPERATOR_PORT, value: "8081"}
  - {name: INFRAZEN_OPERATOR_NAMESPACES, value: {{ ternary "" (include "infrazen.namespaces" .root | fromJsonArray | join ",") .root.Values.operator.allNamespaces | quote }}}
{{- end -}}
