package dev.cistern.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A database. */
@Group("cistern.dev")
@Version("v1alpha1")
@ShortNames("cdb")
@Categories("cistern")
@ValidationRule(
        value = "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "the name of a Database has at most 40 characters, starts with a letter and holds only a-z, 0-9 and -, because Services and volumes are named after it")
@ValidationRule(
        value = "!self.metadata.name.endsWith('-pods') && !self.metadata.name.endsWith('-public')",
        message =
                "the name of a Database must not end in -pods or -public: Services of other databases are named like that")
@AdditionalPrinterColumn(name = "ENGINE", jsonPath = ".spec.engine", type = Type.STRING)
@AdditionalPrinterColumn(name = "VERSION", jsonPath = ".status.version.readable", type = Type.STRING)
@AdditionalPrinterColumn(name = "PLAN", jsonPath = ".spec.plan", type = Type.STRING)
@AdditionalPrinterColumn(name = "PHASE", jsonPath = ".status.phase", type = Type.STRING)
@AdditionalPrinterColumn(
        name = "READY",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = Type.STRING)
@AdditionalPrinterColumn(
        name = "REASON",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(name = "HOST", jsonPath = ".status.endpoint.host", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "PORT", jsonPath = ".status.endpoint.port", type = Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "PUBLIC", jsonPath = ".status.endpoint.publicHost", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "AGE", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class Database extends CustomResource<DatabaseSpec, DatabaseStatus> implements Namespaced {
    @Override
    @Required
    public DatabaseSpec getSpec() {
        return super.getSpec();
    }
}
