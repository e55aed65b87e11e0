{{- define "redproof.name" -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "redproof.labels" -}}
{{ include "redproof.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "redproof.selector" -}}
app.kubernetes.io/name: redproof
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "redproof.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "redproof.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "redproof.containerSecurity" -}}
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
capabilities: {drop: [ALL]}
{{- end }}

{{- define "redproof.litellmMounts" -}}
- {name: config, mountPath: /etc/litellm, readOnly: true}
{{- with .Values.litellm.certificates }}
{{- if .secret }}
- {name: certificates, mountPath: {{ .mountPath }}, readOnly: true}
{{- end }}
{{- end }}
{{- end }}

{{- define "redproof.litellmVolumes" -}}
- name: config
  configMap:
    name: {{ .Values.litellm.configMap }}
    items: [{key: {{ .Values.litellm.configKey }}, path: config.yaml}]
{{- with .Values.litellm.certificates }}
{{- if .secret }}
- name: certificates
  secret: {secretName: {{ .secret }}, optional: true}
{{- end }}
{{- end }}
{{- end }}

{{- define "redproof.releaseArgs" -}}
{{- with .Values.litellm.image }}
- --litellm
- {{ . | quote }}
{{- end }}
{{- end }}

{{- define "redproof.toRedis" -}}
- ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
- ports:
{{- range .Values.networkPolicy.redisPorts }}
    - {port: {{ . }}, protocol: TCP}
{{- end }}
{{- end }}
