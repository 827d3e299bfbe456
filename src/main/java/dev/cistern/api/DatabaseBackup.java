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

/** One backup of a {@link Database}; deleting it deletes the stored data. */
@Group("cistern.dev")
@Version("v1alpha1")
@ShortNames("cdbb")
@Categories("cistern")
@AdditionalPrinterColumn(name = "DATABASE", jsonPath = ".spec.databaseRef.name", type = Type.STRING)
@AdditionalPrinterColumn(name = "METHOD", jsonPath = ".spec.method", type = Type.STRING)
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = Type.STRING)
@AdditionalPrinterColumn(name = "SIZE", jsonPath = ".status.sizeBytes", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "LOCATION", jsonPath = ".status.location", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@AdditionalSelectableField(jsonPath = ".spec.databaseRef.name")
public class DatabaseBackup extends CustomResource<DatabaseBackupSpec, DatabaseBackupStatus> implements Namespaced {
    @Override
    @Required
    public DatabaseBackupSpec getSpec() {
        return super.getSpec();
    }
}
