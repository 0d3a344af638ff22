{{- /* What a pod of ours may do: as little as there is (Pod Security `restricted`, and read-only). */ -}}
{{- define "luban.pod.security" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "luban.container.security" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "luban.pod.account" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.global.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- /* The container, but for what it does. The image holds the program of the same name. */ -}}
{{- define "luban.container" -}}
name: {{ .Chart.Name }}
image: {{ include "luban.image" . }}
imagePullPolicy: {{ .Values.global.image.pullPolicy }}
command: [/usr/local/bin/{{ .Chart.Name }}]
securityContext:
  {{- include "luban.container.security" . | nindent 2 }}
{{- end }}

{{- /*
Secrets are files that the group of the pod may read and nobody else: the service refuses others.
An upgrade starts new pods when settings change. An exchanged key set or token counts by itself; an
exchanged password or key counts after a restart.
*/ -}}
{{- define "luban.mounts" -}}
{{- $row := include "luban.row" . | fromYaml -}}
- { name: configuration, mountPath: /etc/luban/config, readOnly: true }
- { name: secrets, mountPath: /etc/luban/secrets, readOnly: true }
{{- range $row.keys }}
- { name: {{ . }}, mountPath: /etc/luban/keys/{{ . }}, readOnly: true }
{{- end }}
{{- if .Values.global.access.jwksConfigMap }}
- { name: issuer, mountPath: /etc/luban/issuer, readOnly: true }
{{- end }}
{{- if .Values.global.clockConfigMap }}
- { name: clock, mountPath: /etc/luban/clock, readOnly: true }
{{- end }}
- { name: scratch, mountPath: /tmp }
{{- with $row.files }}
- { name: files, mountPath: {{ . }} }
{{- end }}
{{- end }}

{{- define "luban.volumes" -}}
{{- $row := include "luban.row" . | fromYaml -}}
- name: configuration
  configMap:
    name: {{ .Chart.Name }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- include "luban.volumes.database" (dict "secret" .Values.secrets.database "ca" .Values.secrets.databaseCa) | nindent 6 }}
      - secret:
          name: {{ .Values.secrets.nats }}
          items: [{ key: user.creds, path: nats.creds }]
      - secret:
          name: {{ .Values.secrets.token }}
          items: [{ key: token.jwt, path: token.jwt }]
      {{- range .Values.moreSecrets }}
      - secret:
          name: {{ .secret }}
          items: [{ key: {{ .key }}, path: {{ .path }} }]
      {{- end }}
{{- range $row.keys }}
- name: {{ . }}
  secret:
    secretName: {{ index $.Values.secrets . }}
    defaultMode: 0440
{{- end }}
{{- with .Values.global.access.jwksConfigMap }}
- name: issuer
  configMap:
    name: {{ . }}
{{- end }}
{{- with .Values.global.clockConfigMap }}
- name: clock
  configMap:
    name: {{ . }}
{{- end }}
# What comes in as a stream may lie here until it is whole.
- name: scratch
  emptyDir: { sizeLimit: 512Mi }
{{- if $row.files }}
- name: files
  persistentVolumeClaim:
    claimName: {{ .Values.files.existingClaim | default (printf "%s-files" .Chart.Name) }}
{{- end }}
{{- end }}

{{- /* The address of the database, and the authority that signed its certificate, if the address
       names it: …?sslmode=verify-full&sslrootcert=/etc/luban/secrets/database-ca.crt */ -}}
{{- define "luban.volumes.database" -}}
- secret:
    name: {{ .secret }}
    items: [{ key: url, path: database.url }]
{{- with .ca }}
- secret:
    name: {{ . }}
    items: [{ key: ca.crt, path: database-ca.crt }]
{{- end }}
{{- end }}
