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

/** A login to a {@link Database} beside the default one. */
@Group("cistern.dev")
@Version("v1alpha1")
@ShortNames("cdbu")
@Categories("cistern")
@AdditionalPrinterColumn(name = "DATABASE", jsonPath = ".spec.databaseRef.name", type = Type.STRING)
@AdditionalPrinterColumn(name = "USERNAME", jsonPath = ".spec.username", type = Type.STRING)
@AdditionalPrinterColumn(name = "READONLY", jsonPath = ".spec.readOnly", type = Type.BOOLEAN)
@AdditionalPrinterColumn(
        name = "READY",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalSelectableField(jsonPath = ".spec.databaseRef.name")
public class DatabaseUser extends CustomResource<DatabaseUserSpec, DatabaseUserStatus> implements Namespaced {
    @Override
    @Required
    public DatabaseUserSpec getSpec() {
        return super.getSpec();
    }
}
