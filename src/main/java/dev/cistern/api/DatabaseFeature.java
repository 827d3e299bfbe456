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

/** A switch of a {@link Database} that is on, off or on its way. */
@Group("cistern.dev")
@Version("v1alpha1")
@ShortNames("cdbf")
@Categories("cistern")
@AdditionalPrinterColumn(name = "DATABASE", jsonPath = ".spec.databaseRef.name", type = Type.STRING)
@AdditionalPrinterColumn(name = "FEATURE", jsonPath = ".spec.feature", type = Type.STRING)
@AdditionalPrinterColumn(name = "ENABLED", jsonPath = ".spec.enabled", type = Type.BOOLEAN)
@AdditionalPrinterColumn(name = "STATUS", jsonPath = ".status.status", type = Type.STRING)
@AdditionalPrinterColumn(name = "MESSAGE", jsonPath = ".status.message", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalSelectableField(jsonPath = ".spec.databaseRef.name")
@AdditionalSelectableField(jsonPath = ".spec.feature")
public class DatabaseFeature extends CustomResource<DatabaseFeatureSpec, DatabaseFeatureStatus> implements Namespaced {
    @Override
    @Required
    public DatabaseFeatureSpec getSpec() {
        return super.getSpec();
    }
}
