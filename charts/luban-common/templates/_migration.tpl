{{- /*
Before pods of a new version start, one job brings the database to its schema, as the owner of its
tables: nobody else is given that secret. Hooks run before anything else of the release is there, so
what the job needs comes as hooks too, one step earlier.
*/ -}}
{{- define "luban.migration" -}}
{{- $name := printf "%s-migrate" .Chart.Name -}}
{{- $before := dict "helm.sh/hook" "pre-install,pre-upgrade" "helm.sh/hook-weight" "-10" "helm.sh/hook-delete-policy" "before-hook-creation" -}}
{{ include "luban.configuration.map" (dict "root" . "name" $name "annotations" $before) }}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
  annotations:
    {{- toYaml $before | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
  annotations:
    {{- toYaml $before | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "luban.migration.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress: []
  egress:
    {{- include "luban.network.names" . | nindent 4 }}
    {{- include "luban.network.database" . | nindent 4 }}
    {{- include "luban.network.telemetry" . | nindent 4 }}
---
{{ include "luban.migration.job" . }}
{{- end }}

{{- /* Not the service's own: its Service must not send calls to the job. */ -}}
{{- define "luban.migration.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}-migrate
app.kubernetes.io/part-of: luban
{{- end }}

{{- define "luban.migration.job" -}}
{{- $name := printf "%s-migrate" .Chart.Name -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-weight: "0"
    # One that failed stays to be looked at, until the next try.
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 3
  activeDeadlineSeconds: {{ int .Values.migration.deadlineSeconds }}
  template:
    metadata:
      labels:
        {{- include "luban.migration.selector" . | nindent 8 }}
    spec:
      restartPolicy: Never
      serviceAccountName: {{ $name }}
      {{- include "luban.pod.account" . | nindent 6 }}
      securityContext:
        {{- include "luban.pod.security" . | nindent 8 }}
      containers:
        - {{ include "luban.container" . | nindent 10 | trim }}
          args: [migrate, --config, /etc/luban/config/service.toml]
          resources:
            {{- toYaml .Values.migration.resources | nindent 12 }}
          volumeMounts:
            - { name: configuration, mountPath: /etc/luban/config, readOnly: true }
            - { name: secrets, mountPath: /etc/luban/secrets, readOnly: true }
            - { name: owner, mountPath: /etc/luban/owner, readOnly: true }
      volumes:
        - name: configuration
          configMap:
            name: {{ $name }}
        # The service's role too: migrations grant it what it needs, and learn its name from here.
        - name: secrets
          projected:
            defaultMode: 0440
            sources:
              {{- include "luban.volumes.database" (dict "secret" .Values.secrets.database "ca" .Values.secrets.databaseCa) | nindent 14 }}
        - name: owner
          secret:
            secretName: {{ .Values.secrets.owner }}
            defaultMode: 0440
            items: [{ key: url, path: database.url }]
{{- end }}
