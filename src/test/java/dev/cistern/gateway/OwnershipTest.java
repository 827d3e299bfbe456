package dev.cistern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private static final JsonNode OBJECT = Fixtures.yaml("managed-fields.yaml");
    private static final JsonNode CONFLICT = Fixtures.text("""
            {"kind": "Status", "code": 409, "message": "Apply failed with 1 conflict",
             "details": {"causes": [{"reason": "FieldManagerConflict",
               "message": "conflict with \\"argocd-controller\\" using cistern.dev/v1alpha1",
               "field": ".spec.periodicBackups.scheduledAt"}]}}""");

    @Test
    void appliesAgainWhatItHasAppliedBefore() {
        assertThat(FieldOwners.applied(OBJECT))
                .isEqualTo(Fixtures.text(
                        "{\"periodicBackups\": {\"enabled\": false}, \"maintenanceWindow\": {\"weekdayUtc\": 5}}"));
    }

    @Test
    void namesWhoElseWroteTheSpec() {
        assertThat(FieldOwners.other(OBJECT)).contains("argocd-controller");
    }

    @Test
    void saysWhoKeepsAField() {
        Refusal refusal = Conflicts.refuse(new ApiServer.Answer(409, CONFLICT), "database");

        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.body().error())
                .isEqualTo("periodic_backups_scheduled_at is managed by argocd-controller, change it there");
    }

    @Test
    void tellsADefaultFromWhatTheManifestNames() {
        String kubectl = "kubectl-client-side-apply";

        assertThat(Conflicts.onlyDefaults(
                        List.of(new Conflicts.Conflict(DatabaseChange.BACKUPS_ENABLED, kubectl)), OBJECT))
                .isTrue();
        assertThat(Conflicts.onlyDefaults(List.of(new Conflicts.Conflict(DatabaseChange.BACKUPS_AT, kubectl)), OBJECT))
                .isFalse();
        assertThat(Conflicts.onlyDefaults(
                        List.of(new Conflicts.Conflict(DatabaseChange.BACKUPS_ENABLED, "argocd-controller")), OBJECT))
                .isFalse();
        assertThat(Conflicts.onlyDefaults(List.of(), OBJECT)).isFalse();
    }

    @Test
    void translatesWhatTheApiServerFindsWrong() {
        JsonNode invalid = Fixtures.text("""
                {"message": "invalid", "details": {"causes": [
                  {"reason": "FieldValueInvalid", "message": "too high", "field": "spec.maintenanceWindow.weekdayUtc"}]}}""");

        Refusal refusal = Conflicts.refuse(new ApiServer.Answer(422, invalid), "database");

        assertThat(refusal.status()).isEqualTo(422);
        assertThat(refusal.body().errors())
                .isEqualTo(java.util.Map.of("maintenance_window.weekday_utc", List.of("too high")));
    }
}
