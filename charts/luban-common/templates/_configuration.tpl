{{- /*
The file that the service reads (services/platform/config.default.toml is the reference of its
keys). No secret is in it, only the files that hold them.
*/ -}}
{{- define "luban.configuration" -}}
{{ include "luban.configuration.map" (dict "root" . "name" .Chart.Name "annotations" dict) }}
{{- end }}

{{- define "luban.configuration.map" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .name }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "luban.labels" .root | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
data:
  service.toml: |
    # {{ .root.Chart.Name }}, as the chart was told; what is not here has its default.
    {{- include "luban.settings" .root | nindent 4 }}
{{- end }}

{{- /* What the chart sets. */ -}}
{{- define "luban.settings.own" -}}
{{- $table := include "luban.platform" . | fromYaml -}}
{{- $row := include "luban.row" . | fromYaml -}}
{{- $global := .Values.global -}}
service:
  mode: {{ $global.mode }}
server:
  listen: {{ printf "0.0.0.0:%d" (int $row.port) | quote }}
  drain: {{ printf "%ds" (int (include "luban.times" . | fromYaml).draining) | quote }}
database:
  url_file: /etc/luban/secrets/database.url
  owner_url_file: /etc/luban/owner/database.url
nats:
  url: {{ toJson $global.nats.url }}
  credentials_file: /etc/luban/secrets/nats.creds
  replicas: {{ int $global.nats.replicas }}
clock:
  business_time_file: {{ ternary "/etc/luban/clock/business_time" "" (not (empty $global.clockConfigMap)) | quote }}
access:
  issuer: {{ $global.access.issuer | quote }}
  audience: {{ $global.access.audience | quote }}
  jwks_file: {{ ternary "/etc/luban/issuer/jwks.json" "" (not (empty $global.access.jwksConfigMap)) | quote }}
  jwks_url: {{ $global.access.jwksUrl | quote }}
  service_token_file: /etc/luban/secrets/token.jwt
  trusted_proxies: {{ toJson $global.access.trustedProxies }}
keys:
  directory: /etc/luban/keys
telemetry:
  otlp_endpoint: {{ $global.telemetry.otlpEndpoint | quote }}
  log: {{ $global.telemetry.log | quote }}
{{- with $row.http }}
http:
  listen: {{ printf "0.0.0.0:%d" (int .) | quote }}
{{- end }}
{{- with $row.files }}
materials:
  directory: {{ . }}
{{- end }}
# One name for all replicas: whoever calls looks it up again and again, and they take turns.
neighbours:
  {{- range $name := $row.calls }}
  {{ $name | replace "-" "_" }}: [{{ printf "http://%s:%d" $name (int (index $table $name).port) | quote }}]
  {{- end }}
{{- end }}

{{- /* The chart's own, with the operator's beside them, as TOML. */ -}}
{{- define "luban.settings" -}}
{{- $given := mergeOverwrite (deepCopy (default dict .Values.global.settings)) (deepCopy .Values.settings) -}}
{{- $all := mergeOverwrite $given (include "luban.settings.own" . | fromYaml) -}}
{{- range $section := keys $all | sortAlpha }}
{{- include "luban.toml" (dict "path" $section "table" (index $all $section)) }}
{{- end }}
{{- end }}

{{- /* One table: its values, then the tables in it. JSON's texts, numbers and lists are TOML's. */ -}}
{{- define "luban.toml" -}}
{{- $path := .path }}
{{- $table := .table }}
[{{ $path }}]
{{- range $key := keys $table | sortAlpha }}
{{- $value := index $table $key }}
{{- if not (kindIs "map" $value) }}
{{ $key }} = {{ toJson $value }}
{{- end }}
{{- end }}
{{- range $key := keys $table | sortAlpha }}
{{- $value := index $table $key }}
{{- if kindIs "map" $value }}
{{ include "luban.toml" (dict "path" (printf "%s.%s" $path $key) "table" $value) }}
{{- end }}
{{- end }}
{{ end }}
