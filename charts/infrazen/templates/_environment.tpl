{{/* Whether the chart runs a PostgreSQL of its own. */}}
{{- define "infrazen.bundledDatabase" -}}
{{- if and .Values.database.bundled.enabled (not .Values.database.url) (not .Values.environment.existingSecret) -}}
true
{{- end -}}
{{- end -}}

{{- define "infrazen.bundledRedis" -}}
{{- if and .Values.redis.bundled.enabled (not .Values.redis.url) (not .Values.redis.existingSecret.name) -}}
true
{{- end -}}
{{- end -}}

{{- define "infrazen.hasRedis" -}}
{{- if or .Values.redis.url .Values.redis.existingSecret.name .Values.redis.bundled.enabled -}}
true
{{- end -}}
{{- end -}}

{{/* The Secret with the database's URL and the master keys. */}}
{{- define "infrazen.environmentSecret" -}}
{{- .Values.environment.existingSecret | default (printf "%s-environment" (include "infrazen.fullname" .)) -}}
{{- end -}}

{{/*
Secrets that the chart makes up: once for an installation, as later renderings read them from the
cluster, and once for a rendering, as every template takes them from here.
*/}}
{{- define "infrazen.makeUp" -}}
{{- if not (hasKey .Values "madeUp") -}}
{{- $name := include "infrazen.fullname" . -}}
{{- $environment := (lookup "v1" "Secret" .Release.Namespace (printf "%s-environment" $name)).data | default dict -}}
{{- $services := (lookup "v1" "Secret" .Release.Namespace (printf "%s-services" $name)).data | default dict -}}
{{- $keys := get $environment "INFRAZEN_MASTER_KEYS" | b64dec -}}
{{- $made := dict
  "keys" ($keys | default (printf "%s:%s" (now | date "2006-01-02") (randBytes 32)))
  "postgres" (get $services "postgres-password" | b64dec | default (randAlphaNum 32))
  "redis" (get $services "redis-password" | b64dec | default (randAlphaNum 32))
  "metrics" (get $services "metrics-token" | b64dec | default (randAlphaNum 32))
  "kept" (dict "postgres" (hasKey $services "postgres-password")) -}}
{{- $_ := set .Values "madeUp" $made -}}
{{- end -}}
{{- end -}}

{{- define "infrazen.databaseUrl" -}}
{{- if .Values.database.url -}}
{{- .Values.database.url -}}
{{- else -}}
{{- include "infrazen.makeUp" . -}}
{{- printf "postgresql://infrazen:%s@%s-postgresql.%s.svc:5432/infrazen" .Values.madeUp.postgres (include "infrazen.fullname" .) .Release.Namespace -}}
{{- end -}}
{{- end -}}

{{- define "infrazen.redisUrl" -}}
{{- if .Values.redis.url -}}
{{- .Values.redis.url -}}
{{- else -}}
{{- include "infrazen.makeUp" . -}}
{{- printf "redis://:%s@%s-redis.%s.svc:6379/0" .Values.madeUp.redis (include "infrazen.fullname" .) .Release.Namespace -}}
{{- end -}}
{{- end -}}

{{/* Whether an installation of this release can be looked at: not where a template is only rendered. */}}
{{- define "infrazen.isInSight" -}}
{{- if lookup "v1" "ConfigMap" .Release.Namespace (printf "%s-settings" (include "infrazen.fullname" .)) -}}
true
{{- end -}}
{{- end -}}

{{/*
Whether a hook upgrades the database first. A database that comes, or is named, only with this
upgrade is brought to this version by the UI's pods as they start.
*/}}
{{- define "infrazen.migratesFirst" -}}
{{- if .Values.migrations.hook -}}
{{- if or .Values.environment.existingSecret (not (include "infrazen.isInSight" .)) -}}
true
{{- else -}}
{{- $secret := lookup "v1" "Secret" .Release.Namespace (include "infrazen.environmentSecret" .) -}}
{{- $url := get ($secret.data | default dict) "INFRAZEN_DATABASE_URL" | b64dec -}}
{{- $runs := lookup "apps/v1" "StatefulSet" .Release.Namespace (printf "%s-postgresql" (include "infrazen.fullname" .)) -}}
{{- if and (eq $url (include "infrazen.databaseUrl" .)) (or $runs (not (include "infrazen.bundledDatabase" .))) -}}
true
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The address that people open, empty where nobody said. */}}
{{- define "infrazen.publicUrl" -}}
{{- if .Values.ui.publicUrl -}}
{{- .Values.ui.publicUrl -}}
{{- else if and .Values.ui.ingress.enabled .Values.ui.ingress.host -}}
{{- printf "%s://%s" (ternary "https" "http" .Values.ui.ingress.tls.enabled) .Values.ui.ingress.host -}}
{{- else if and .Values.ui.gateway.enabled .Values.ui.gateway.host -}}
{{- printf "https://%s" .Values.ui.gateway.host -}}
{{- end -}}
{{- end -}}

{{/* Whether the bundled database's data outlives its pod; what an installed one does, stays. */}}
{{- define "infrazen.claimsVolume" -}}
{{- $mode := .Values.database.bundled.persistence.mode -}}
{{- if eq $mode "Claim" -}}
true
{{- else if eq $mode "Auto" -}}
{{- $installed := lookup "apps/v1" "StatefulSet" .Release.Namespace (printf "%s-postgresql" (include "infrazen.fullname" .)) -}}
{{- if $installed -}}
{{- if $installed.spec.volumeClaimTemplates -}}true{{- end -}}
{{- else if .Values.database.bundled.persistence.storageClass -}}
true
{{- else -}}
{{- range (lookup "storage.k8s.io/v1" "StorageClass" "" "").items -}}
{{- if eq (get (.metadata.annotations | default dict) "storageclass.kubernetes.io/is-default-class") "true" -}}true{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What cannot work together is refused here, with the way out. */}}
{{- define "infrazen.check" -}}
{{- if and (not .Values.database.url) (not .Values.environment.existingSecret) (not .Values.database.bundled.enabled) -}}
{{- fail "InfraZen needs a database: set environment.existingSecret or database.url, or leave database.bundled.enabled on" -}}
{{- end -}}
{{- $existing := .Values.environment.existingSecret -}}
{{- if and $existing .Values.migrations.hook (include "infrazen.isInSight" .) -}}
{{- if not (lookup "v1" "Secret" .Release.Namespace $existing) -}}
{{- fail (printf "there is no Secret %s in namespace %s, which environment.existingSecret names: make it first" $existing .Release.Namespace) -}}
{{- end -}}
{{- end -}}
{{- if and (or (gt (int .Values.ui.replicas) 1) .Values.ui.autoscaling.enabled) (not (include "infrazen.hasRedis" .)) -}}
{{- fail "several replicas of the UI share open pages in Redis: set redis.url or redis.existingSecret.name, or redis.bundled.enabled=true" -}}
{{- end -}}
{{- if and .Values.ui.demo (not .Values.ui.schedules) -}}
{{- fail "ui.demo needs ui.schedules: the demo's syncs run in the UI's pod" -}}
{{- end -}}
{{- if and .Values.ui.ingress.enabled (not .Values.ui.ingress.host) -}}
{{- fail "ui.ingress.host is missing: the name that people open" -}}
{{- end -}}
{{- $watched := include "infrazen.namespaces" . | fromJsonArray -}}
{{- if and (eq .Values.ui.cluster.access "Write") (not .Values.operator.allNamespaces) (not (has (include "infrazen.writeNamespace" .) $watched)) -}}
{{- fail "ui.cluster.writeNamespace must be one of operator.namespaces: nobody would run what is written there" -}}
{{- end -}}
{{- if and .Values.ui.gateway.enabled (not .Values.ui.gateway.parentRefs) -}}
{{- fail "ui.gateway.parentRefs is missing: the Gateway that the route belongs to" -}}
{{- end -}}
{{- end -}}
