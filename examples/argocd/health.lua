-- Health of all kinds of cistern.dev for Argo CD. In the ConfigMap argocd-cm, for each kind K:
--   resource.customizations.health.cistern.dev_K: | (this file)
local status = obj.status
if status == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "Cistern has not looked at this generation yet" }
end
-- A refused feature and a failed action or backup do not become well by waiting.
if status.status == "FAILED" or status.phase == "Failed" or status.phase == "error" then
  return { status = "Degraded", message = status.message or status.error or "failed" }
end
if obj.kind == "Database" and status.phase == "stopped" then
  return { status = "Suspended", message = "suspended" }
end
local message = "waiting"
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Degraded" and condition.status == "True" then
    return { status = "Degraded", message = condition.message }
  end
  if condition.type == "Ready" or condition.type == "Complete" then
    if condition.status == "True" then
      return { status = "Healthy", message = condition.message }
    end
    message = condition.message
  end
end
return { status = "Progressing", message = message }
