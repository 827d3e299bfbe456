package dev.cistern.engine.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class MembersTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void theLeastBehindTakesOverAndOfEqualsTheLowest() throws JsonProcessingException {
        Members members = Members.of(json("""
                {"members":[{"name":"db-0","role":"leader","state":"running"},
                 {"name":"db-3","role":"replica","state":"streaming","lag":0},
                 {"name":"db-2","role":"replica","state":"streaming","lag":0},
                 {"name":"db-1","role":"replica","state":"creating replica","lag":"unknown"}]}
                """));
        assertThat(Switchover.candidate(members).map(Members.Member::name)).contains("db-2");
        assertThat(members.notStreaming()).containsExactly("db-1 is not streaming (creating replica)");
        assertThat(members.leader().map(Members.Member::name)).contains("db-0");
    }

    @Test
    void anAnswerWithoutMembersHasNone() throws JsonProcessingException {
        assertThat(Members.of(json("{}")).all()).isEmpty();
    }

    @Test
    void onlyALowerLimitBindsReplicasToThePrimary() throws JsonProcessingException {
        assertThat(Restarts.shrinks(json("{\"max_connections\":{\"old_value\":\"130\",\"new_value\":\"40\"}}")))
                .isTrue();
        assertThat(Restarts.shrinks(json("{\"max_connections\":{\"old_value\":\"40\",\"new_value\":\"130\"}}")))
                .isFalse();
        assertThat(Restarts.shrinks(json("{\"shared_buffers\":{\"old_value\":\"512MB\",\"new_value\":\"64MB\"}}")))
                .isFalse();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }
}
