{{/*
Objects in Cistern's own namespace have fixed names (cistern-operator, cistern-gateway, cistern-catalogue …): the
operator knows them, and there is one Cistern in a namespace. Names of the cluster's scope end with that namespace.
*/}}
{{- define "cistern.clusterName" -}}
{{ printf "%s-%s" .name .root.Release.Namespace | trimSuffix "-" }}
{{- end -}}

{{/* Labels of every object; takes the root. */}}
{{- define "cistern.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Labels that select the pods of one component; takes (dict "root" $ "component" "operator"). */}}
{{- define "cistern.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "cistern.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* What Pod Security "restricted" asks of a pod. The image's own user is 65532. */}}
{{- define "cistern.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "cistern.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where the pods of one component go; takes (dict "root" $ "component" c "settings" .Values.c). */}}
{{- define "cistern.scheduling" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "cistern.selector" . | nindent 8 }}
{{- with .settings.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Health over plain HTTP on the management port; the first start loads a JVM, so it gets a minute. */}}
{{- define "cistern.probes" -}}
startupProbe:
  httpGet: {path: /q/health/live, port: management}
  periodSeconds: 2
  failureThreshold: 60
  timeoutSeconds: 3
livenessProbe:
  httpGet: {path: /q/health/live, port: management}
  periodSeconds: 10
  failureThreshold: 6
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /q/health/ready, port: management}
  periodSeconds: 5
  failureThreshold: 3
  timeoutSeconds: 5
{{- end -}}

{{/* Settings that operator and gateway share; takes (dict "root" $ "component" c "settings" .Values.c). */}}
{{- define "cistern.env" -}}
- name: CISTERN_ROLE
  value: {{ .component }}
- name: CISTERN_NAMESPACE
  valueFrom:
    fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}
- name: QUARKUS_MANAGEMENT_PORT
  value: "9000"
- name: QUARKUS_LOG_CATEGORY__DEV_CISTERN__LEVEL
  value: {{ .root.Values.logging.level }}
- name: QUARKUS_LOG_CONSOLE_JSON_ENABLED
  value: {{ .root.Values.logging.json | quote }}
{{- with .settings.env }}
{{ toYaml . }}
{{- end }}
{{- end -}}
