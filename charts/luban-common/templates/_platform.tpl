{{- /*
What the services are, in one table: nothing here is for an operator to choose.

  port   where gRPC, and the pages that are read by GET, are served; no two alike, so that all
         five can also share one network namespace
  http   certificate-query's public page and JSON door
  calls  neighbours that are asked; the network lets these pass and no others
  keys   folders of keys: kek seals personal data, index finds people again
  files  a volume that all replicas share
*/ -}}
{{- define "luban.platform" -}}
registry: { port: 50051, calls: [review, results], keys: [kek, index] }
review: { port: 50052, calls: [registry, exam-scheduling, results], keys: [kek], files: /var/lib/luban/materials }
exam-scheduling: { port: 50053, calls: [registry, results], keys: [kek, index] }
results: { port: 50054, calls: [registry, exam-scheduling], keys: [kek, index] }
certificate-query: { port: 50055, http: 8080, calls: [results], keys: [index] }
{{- end }}

{{- /* This service's row. */ -}}
{{- define "luban.row" -}}
{{- index (include "luban.platform" . | fromYaml) .Chart.Name | toYaml }}
{{- end }}

{{- /* Times around the end of a pod, in seconds. Leaving: until no caller has the address any more;
       the service still answers. Draining: what is in hand is finished (server.drain). Closing: the
       database and the last spans, 5 s by the service's own promise. The rest is reserve. */ -}}
{{- define "luban.times" -}}
{ leaving: 8, draining: 20, grace: 45 }
{{- end }}

{{- /* Who a resource belongs to; what selects pods never changes. */ -}}
{{- define "luban.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/part-of: luban
{{- end }}

{{- define "luban.labels" -}}
{{ include "luban.selector" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- /* By digest when one is given, else by tag. */ -}}
{{- define "luban.image" -}}
{{- $image := .Values.image -}}
{{- $repository := $image.repository -}}
{{- with .Values.global.image.registry }}{{ $repository = printf "%s/%s" . $repository }}{{ end -}}
{{- if $image.digest -}}
{{ printf "%s@%s" $repository $image.digest }}
{{- else -}}
{{ printf "%s:%s" $repository .Values.global.image.tag }}
{{- end -}}
{{- end }}

{{- /* All of a service. A thin chart is this one line and its values. */ -}}
{{- define "luban.service" -}}
{{- include "luban.check" . -}}
{{- $parts := list "account" "configuration" "migration" "deployment" "addresses" "network" "disruption" "autoscaler" "claim" -}}
{{- range $part := $parts }}
{{- with include (printf "luban.%s" $part) $ }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end }}
