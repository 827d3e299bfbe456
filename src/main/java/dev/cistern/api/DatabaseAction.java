package dev.cistern.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.crd.generator.annotation.AdditionalSelectableField;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One thing done once to a {@link Database}. */
@Group("cistern.dev")
@Version("v1alpha1")
@ShortNames("cdba")
@Categories("cistern")
@AdditionalPrinterColumn(name = "DATABASE", jsonPath = ".spec.databaseRef.name", type = Type.STRING)
@AdditionalPrinterColumn(name = "ACTION", jsonPath = ".spec.action", type = Type.STRING)
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = Type.STRING)
@AdditionalPrinterColumn(name = "PROGRESS", jsonPath = ".status.progress", type = Type.STRING)
@AdditionalPrinterColumn(name = "ERROR", jsonPath = ".status.error", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalSelectableField(jsonPath = ".spec.databaseRef.name")
@AdditionalSelectableField(jsonPath = ".spec.action")
public class DatabaseAction extends CustomResource<DatabaseActionSpec, DatabaseActionStatus> implements Namespaced {
    @Override
    @Required
    public DatabaseActionSpec getSpec() {
        return super.getSpec();
    }
}
