package dev.cistern.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns the JSON parameters of an action into its record, or into one message for each thing that is wrong. */
@ApplicationScoped
public class ParamsReader {
    // Strict on types, because "12" for a number is a mistake of the caller; lenient on unknown names, because existing
    // clients send more than the contract has.
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, ParamsReader::onlyText)
            .build();

    private static void onlyText(MutableCoercionConfig text) {
        for (CoercionInputShape other :
                List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            text.setCoercion(other, CoercionAction.Fail);
        }
    }

    private final Validator validator;

    public ParamsReader(Validator validator) {
        this.validator = validator;
    }

    /**
     * The parameters, or what is wrong with them.
     *
     * @param value the record; null when {@code errors} is not empty
     * @param errors messages by field
     */
    public record Read<P>(@Nullable P value, Map<String, List<String>> errors) {}

    /** Reads and validates the parameters of an action. Absent, null and {@code {}} are the same. */
    public <P> Read<P> read(Action<P> action, @Nullable JsonNode params) {
        JsonNode json =
                params == null || params.isNull() || params.isMissingNode() ? MAPPER.createObjectNode() : params;
        try {
            P value = MAPPER.treeToValue(json, action.params());
            return validated(value);
        } catch (JsonMappingException e) {
            return new Read<>(null, Map.of(field(e), List.of(expected(e))));
        } catch (JsonProcessingException e) {
            return new Read<>(null, Map.of("params", List.of("is not valid JSON")));
        }
    }

    private <P> Read<P> validated(P value) {
        Map<String, List<String>> errors = new TreeMap<>();
        for (ConstraintViolation<P> violation : validator.validate(value)) {
            errors.computeIfAbsent(violation.getPropertyPath().toString(), f -> new ArrayList<>())
                    .add(violation.getMessage());
        }
        return errors.isEmpty() ? new Read<>(value, Map.of()) : new Read<>(null, errors);
    }

    private static String field(JsonMappingException e) {
        return e.getPath().isEmpty() || e.getPath().getLast().getFieldName() == null
                ? "params"
                : e.getPath().getLast().getFieldName();
    }

    private static String expected(JsonMappingException e) {
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            Class<?> type = mismatch.getTargetType();
            if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
                return "must be a whole number";
            }
            if (type == Boolean.class || type == boolean.class) {
                return "must be true or false";
            }
            if (type == String.class) {
                return "must be a string";
            }
            return "must be a JSON object";
        }
        return "has the wrong type";
    }
}
