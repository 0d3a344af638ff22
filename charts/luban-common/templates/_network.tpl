{{- /*
Who may call whom. The namespaces deny everything (k8s/namespaces.yaml); here is what is let through,
each with its partner and port.
*/ -}}
{{- define "luban.network" -}}
{{- $row := include "luban.row" . | fromYaml -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Chart.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "luban.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- range $caller, $its := include "luban.platform" . | fromYaml }}
    {{- if has $.Chart.Name $its.calls }}
    # {{ $caller }}
    - from:
        - podSelector: { matchLabels: { app.kubernetes.io/name: {{ $caller }}, app.kubernetes.io/part-of: luban } }
      ports: [{ port: {{ int $row.port }}, protocol: TCP }]
    {{- end }}
    {{- end }}
    # City systems, organisations and the public, through the gateway
    - from:
        - {{ include "luban.network.peer" .Values.global.gateway | nindent 10 | trim }}
      ports:
        - { port: {{ int $row.port }}, protocol: TCP }
        {{- with $row.http }}
        - { port: {{ int . }}, protocol: TCP }
        {{- end }}
  egress:
    {{- include "luban.network.names" . | nindent 4 }}
    {{- include "luban.network.database" . | nindent 4 }}
    {{- include "luban.network.telemetry" . | nindent 4 }}
    # NATS
    - to:
        - {{ include "luban.network.peer" .Values.global.nats.peer | nindent 10 | trim }}
      ports: [{ port: {{ int .Values.global.nats.peer.port }}, protocol: TCP }]
    {{- range $name := $row.calls }}
    # {{ $name }}
    - to:
        - podSelector: { matchLabels: { app.kubernetes.io/name: {{ $name }}, app.kubernetes.io/part-of: luban } }
      ports: [{ port: {{ int (index (include "luban.platform" $ | fromYaml) $name).port }}, protocol: TCP }]
    {{- end }}
    {{- if .Values.global.access.jwksUrl }}
    # The token issuer's keys
    - to:
        - {{ include "luban.network.peer" .Values.global.access.jwksPeer | nindent 10 | trim }}
      ports: [{ port: {{ int .Values.global.access.jwksPeer.port }}, protocol: TCP }]
    {{- end }}
    {{- range .Values.egress }}
    # {{ .why }}
    - to:
        - {{ include "luban.network.peer" . | nindent 10 | trim }}
      ports: [{ port: {{ int .port }}, protocol: TCP }]
    {{- end }}
{{- end }}

{{- /* A partner in the cluster by namespace and labels, or outside by addresses. */ -}}
{{- define "luban.network.peer" -}}
{{- if .cidr -}}
ipBlock: { cidr: {{ .cidr }} }
{{- else -}}
namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ .namespace }} } }
podSelector: { matchLabels: {{ toJson .labels }} }
{{- end }}
{{- end }}

{{- define "luban.network.names" -}}
# Names
- to:
    - {{ include "luban.network.peer" .Values.global.dns | nindent 6 | trim }}
  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
{{- end }}

{{- define "luban.network.database" -}}
{{- $database := .Values.global.database }}
{{- $cluster := dict "namespace" $database.namespace "labels" (dict "cnpg.io/cluster" .Values.database.cluster) -}}
# Its own database
- to:
    - {{ include "luban.network.peer" (default $cluster .Values.database.peer) | nindent 6 | trim }}
  ports: [{ port: {{ int (default $database .Values.database.peer).port }}, protocol: TCP }]
{{- end }}

{{- define "luban.network.telemetry" -}}
{{- with .Values.global.telemetry }}
{{- if .otlpEndpoint }}
# The telemetry collector
- to:
    - {{ include "luban.network.peer" .peer | nindent 6 | trim }}
  ports: [{ port: {{ int .peer.port }}, protocol: TCP }]
{{- end }}
{{- end }}
{{- end }}
