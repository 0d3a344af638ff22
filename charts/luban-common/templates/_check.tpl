{{- /*
What the schema cannot say. All that is wrong with a service's values is told at once, each in a
sentence that begins with the value.
*/ -}}
{{- define "luban.check" -}}
{{- $row := include "luban.row" . | fromYaml -}}
{{- $global := .Values.global | default dict -}}
{{- if not $global.mode -}}
{{- fail (printf "%s: global is missing; install the chart luban, or give the section `global` of one of its values files" .Chart.Name) -}}
{{- end -}}
{{- $wrong := list -}}

{{- range $secret := concat (list "database" "owner" "nats" "token") $row.keys -}}
{{- if not (index $.Values.secrets $secret) -}}
{{- $wrong = append $wrong (printf "secrets.%s: name the Secret; without it %s cannot work (k8s/README.md tells what is in it)" $secret $.Chart.Name) -}}
{{- end -}}
{{- end -}}

{{- if not (or .Values.image.digest $global.image.tag) -}}
{{- $wrong = append $wrong "image.digest or global.image.tag: say which version; there is no default" -}}
{{- end -}}
{{- if not $global.access.issuer -}}
{{- $wrong = append $wrong "global.access.issuer: who issues the tokens?" -}}
{{- end -}}
{{- if eq (empty $global.access.jwksConfigMap) (empty $global.access.jwksUrl) -}}
{{- $wrong = append $wrong "global.access.jwksConfigMap, global.access.jwksUrl: exactly one of the two" -}}
{{- end -}}
{{- if and $global.access.jwksUrl (not $global.access.jwksPeer) -}}
{{- $wrong = append $wrong "global.access.jwksPeer: name who answers at jwksUrl, or the network lets nobody there" -}}
{{- end -}}
{{- if not $global.nats.url -}}
{{- $wrong = append $wrong "global.nats.url: name the servers of NATS" -}}
{{- end -}}
{{- if eq (empty .Values.database.cluster) (empty .Values.database.peer) -}}
{{- $wrong = append $wrong "database.cluster, database.peer: exactly one of the two says where the database is" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (lt (int .Values.autoscaling.max) (int .Values.autoscaling.min)) -}}
{{- $wrong = append $wrong "autoscaling.max: not below autoscaling.min" -}}
{{- end -}}
{{- if and (eq .Chart.Name "results") (not (dig "printing" "public_query" "" .Values.settings)) -}}
{{- $wrong = append $wrong "settings.printing.public_query: say where anybody checks certificates; their QR codes lead there" -}}
{{- end -}}
{{- if $row.files -}}
{{- $many := or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) -}}
{{- if and $many (not .Values.files.existingClaim) (ne .Values.files.accessMode "ReadWriteMany") -}}
{{- $wrong = append $wrong "files.accessMode: several replicas share the files, so it must be ReadWriteMany" -}}
{{- end -}}
{{- end -}}

{{- if eq $global.mode "production" -}}
{{- $wrong = concat $wrong (include "luban.check.production" . | fromYamlArray) -}}
{{- end -}}
{{- $wrong = concat $wrong (include "luban.check.settings" . | fromYamlArray) -}}

{{- if $wrong -}}
{{- fail (printf "%s: these values are not usable:\n  - %s" .Chart.Name (join "\n  - " $wrong)) -}}
{{- end -}}
{{- end }}

{{- /* What is good enough to be looked at, and not to be relied on. */ -}}
{{- define "luban.check.production" -}}
{{- $global := .Values.global -}}
{{- $wrong := list -}}
{{- if eq $global.access.issuer "https://issuer.luban.localhost" -}}
{{- $wrong = append $wrong "global.access.issuer: production refuses the development issuer" -}}
{{- end -}}
{{- if $global.clockConfigMap -}}
{{- $wrong = append $wrong "global.clockConfigMap: production knows only the real clock" -}}
{{- end -}}
{{- if and (not .Values.image.digest) (eq (toString $global.image.tag) "latest") -}}
{{- $wrong = append $wrong "global.image.tag: production says which version, not `latest`" -}}
{{- end -}}
{{- if lt (int $global.nats.replicas) 3 -}}
{{- $wrong = append $wrong "global.nats.replicas: production keeps 3 copies of what was told" -}}
{{- end -}}
{{- if and (not .Values.autoscaling.enabled) (lt (int .Values.replicas) 2) -}}
{{- $wrong = append $wrong "replicas: production needs 2, or each upgrade and each lost node is an outage" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (lt (int .Values.autoscaling.min) 2) -}}
{{- $wrong = append $wrong "autoscaling.min: production needs 2, or each lost node is an outage" -}}
{{- end -}}
{{- toYaml $wrong -}}
{{- end }}

{{- /* A setting has one place: what the chart itself writes is not to be set beside it. */ -}}
{{- define "luban.check.settings" -}}
{{- $wrong := list -}}
{{- $own := include "luban.settings.own" . | fromYaml -}}
{{- range $where, $settings := dict "settings" .Values.settings "global.settings" .Values.global.settings -}}
{{- range $section, $values := $settings -}}
{{- range $key := keys $values | sortAlpha -}}
{{- if hasKey (default dict (index $own $section)) $key -}}
{{- $wrong = append $wrong (printf "%s.%s.%s: the chart sets this one from its other values" $where $section $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $wrong -}}
{{- end }}
