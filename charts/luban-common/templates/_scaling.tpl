{{- /* However nodes are emptied, never more than one replica at a time. */ -}}
{{- define "luban.disruption" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .Chart.Name }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "luban.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  # One that is broken already does not keep a node from being emptied.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "luban.selector" . | nindent 6 }}
{{- end }}

{{- /* By CPU: what answers calls is busy when it is asked much. Consumers are to follow the age of
       their queue; no service tells that as a metric yet (charts/README.md, "What waits"). */ -}}
{{- define "luban.autoscaler" -}}
{{- with .Values.autoscaling -}}
{{- if .enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $.Chart.Name }}
  namespace: {{ $.Release.Namespace }}
  labels:
    {{- include "luban.labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ $.Chart.Name }}
  minReplicas: {{ int .min }}
  maxReplicas: {{ int .max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ int .cpuPercent }} }
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 0
      policies: [{ type: Percent, value: 100, periodSeconds: 30 }]
    # Slowly: the morning on which results are published has a second wave.
    scaleDown:
      stabilizationWindowSeconds: 600
      policies: [{ type: Pods, value: 1, periodSeconds: 60 }]
{{- end }}
{{- end }}
{{- end }}
