{{- define "luban.account" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .Chart.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}

{{- define "luban.deployment" -}}
{{- $times := include "luban.times" . | fromYaml -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Chart.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ int .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  minReadySeconds: 5
  # A new pod is ready before an old one goes.
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 }
  selector:
    matchLabels:
      {{- include "luban.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "luban.labels" . | nindent 8 }}
      annotations:
        luban/settings: {{ include "luban.settings" . | sha256sum }}
    spec:
      serviceAccountName: {{ .Chart.Name }}
      {{- include "luban.pod.account" . | nindent 6 }}
      terminationGracePeriodSeconds: {{ int $times.grace }}
      securityContext:
        {{- include "luban.pod.security" . | nindent 8 }}
      topologySpreadConstraints:
        {{- include "luban.spread" . | trim | nindent 8 }}
      containers:
        - {{ include "luban.container" . | nindent 10 | trim }}
          args: [serve, --config, /etc/luban/config/service.toml]
          {{- include "luban.doors" . | nindent 10 }}
          lifecycle:
            preStop:
              sleep: { seconds: {{ int $times.leaving }} }
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          volumeMounts:
            {{- include "luban.mounts" . | nindent 12 }}
      volumes:
        {{- include "luban.volumes" . | nindent 8 }}
{{- end }}

{{- /*
Ports, and how the kubelet asks after the service: grpc.health.v1 says SERVING from the moment all is
in place until it is asked to stop. It does not look at the database: a database that is away makes
calls fail, and restarting the service would not bring it back. A start waits for the schema, for as
long as a migration may take.
*/ -}}
{{- define "luban.doors" -}}
{{- $row := include "luban.row" . | fromYaml -}}
ports:
  - { name: grpc, containerPort: {{ int $row.port }}, protocol: TCP }
  {{- with $row.http }}
  - { name: http, containerPort: {{ int . }}, protocol: TCP }
  {{- end }}
startupProbe:
  grpc: { port: {{ int $row.port }} }
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 300
livenessProbe:
  {{- if $row.http }}
  httpGet: { path: /healthz, port: http }
  {{- else }}
  grpc: { port: {{ int $row.port }} }
  {{- end }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  grpc: { port: {{ int $row.port }} }
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{- /* Replicas apart: by zone where there are zones, and by node. */ -}}
{{- define "luban.spread" -}}
{{- range $key, $name := dict "topology.kubernetes.io/zone" "zone" "kubernetes.io/hostname" "node" -}}
- maxSkew: 1
  topologyKey: {{ $key }}
  whenUnsatisfiable: {{ index $.Values.global.spread $name }}
  labelSelector:
    matchLabels:
      {{- include "luban.selector" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{ end }}
{{- end }}

{{- /* Headless: a name that stands for all replicas that are ready, so that callers choose. */ -}}
{{- define "luban.addresses" -}}
{{- $row := include "luban.row" . | fromYaml -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Chart.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
spec:
  clusterIP: None
  selector:
    {{- include "luban.selector" . | nindent 4 }}
  ports:
    - { name: grpc, port: {{ int $row.port }}, targetPort: grpc, protocol: TCP, appProtocol: kubernetes.io/h2c }
{{- with $row.http }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $.Chart.Name }}-http
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "luban.labels" $ | nindent 4 }}
spec:
  type: ClusterIP
  selector:
    {{- include "luban.selector" $ | nindent 4 }}
  ports:
    - { name: http, port: {{ int . }}, targetPort: http, protocol: TCP, appProtocol: http }
{{- end }}
{{- end }}

{{- define "luban.claim" -}}
{{- $row := include "luban.row" . | fromYaml -}}
{{- if $row.files -}}
{{- if not .Values.files.existingClaim -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ .Chart.Name }}-files
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
  annotations:
    # What was handed in outlives the release.
    helm.sh/resource-policy: keep
spec:
  accessModes: [{{ .Values.files.accessMode }}]
  {{- with .Values.files.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ .Values.files.size }}
{{- end }}
{{- end }}
{{- end }}
