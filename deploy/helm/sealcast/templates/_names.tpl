{{- define "sealcast.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "sealcast.labels" -}}
app.kubernetes.io/name: sealcast
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
