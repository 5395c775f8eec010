// SPDX-License-Identifier: Apache-2.0
package dev.espalier.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.espalier.cli.CliException;
import dev.espalier.cli.offline.Expressions;
import dev.espalier.cli.offline.Inputs;
import dev.espalier.schemas.policy.Policy;
import dev.espalier.schemas.policy.PruningRule;
import dev.espalier.schemas.run.RunSpecification;
import dev.espalier.schemas.sparsity.NormPair;
import dev.espalier.transport.documents.Document;
import dev.espalier.transport.documents.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a run's specification together: a file, overridden by flags, checked as a whole. */
public final class SpecificationBuilder {

    private static final ObjectMapper JSON = Json.mapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private SpecificationBuilder() {}

    /**
     * @throws dev.espalier.transport.documents.InvalidDocumentException where the whole is no valid
     *     specification
     */
    public static RunSpecification build(RunSettings settings) {
        @Nullable Path file = settings.file();
        String name = file == null ? "the command line" : file.toString();
        ObjectNode tree = file == null ? JSON.createObjectNode() : read(file);
        override(tree, settings, name);
        requireModelAndData(tree);
        RunSpecification specification = Document.RUN_SPECIFICATION.read(name, tree);
        if (specification.policy() != null) {
            Expressions.require(name, specification.policy());
        }
        if (specification.shadows() != null) {
            Expressions.require(name, specification.shadows());
        }
        return specification;
    }

    private static ObjectNode read(Path file) {
        String text = Inputs.text(file);
        try {
            JsonNode tree = YAML.readTree(text);
            if (tree instanceof ObjectNode object) {
                makeAbsolute(object, file);
                return object;
            }
        } catch (JsonProcessingException e) {
            throw CliException.badInput(
                    "%s is no YAML: %s".formatted(file, e.getOriginalMessage()), e);
        }
        throw CliException.badInput(
                "%s is no run specification: fields such as model and dataset are wanted"
                        .formatted(file));
    }

    /** A folder that a file names is meant from where the file stands. */
    private static void makeAbsolute(ObjectNode tree, Path file) {
        if (tree.get("dataset") instanceof ObjectNode dataset && dataset.path("dir").isTextual()) {
            Path dir = file.toAbsolutePath().resolveSibling(dataset.path("dir").textValue());
            dataset.put("dir", dir.normalize().toString());
        }
    }

    private static void override(ObjectNode tree, RunSettings settings, String name) {
        put(tree, "trainer", settings.trainer());
        put(tree, "model", settings.model());
        if (settings.dataset() != null || settings.dataFolder() != null) {
            ObjectNode dataset = child(tree, "dataset", name);
            put(dataset, "name", settings.dataset());
            put(
                    dataset,
                    "dir",
                    settings.dataFolder() == null ? null : settings.dataFolder().toString());
        }
        if (settings.epochs() != null
                || settings.batchSize() != null
                || settings.learningRate() != null) {
            ObjectNode training = child(tree, "training", name);
            put(training, "epochs", settings.epochs());
            put(training, "batchSize", settings.batchSize());
            put(training, "learningRate", settings.learningRate());
        }
        put(tree, "seed", settings.seed());
        put(tree, "rewind", settings.rewind());
        put(tree, "iterations", settings.iterations());
        put(tree, "pairs", settings.pairs());
        put(tree, "policy", settings.policy());
        put(tree, "shadows", settings.shadows());
    }

    private static void put(ObjectNode tree, String field, @Nullable Object value) {
        if (value != null) {
            tree.set(field, JSON.valueToTree(value));
        }
    }

    private static ObjectNode child(ObjectNode tree, String field, String name) {
        JsonNode there = tree.get(field);
        if (there instanceof ObjectNode object) {
            return object;
        }
        if (there != null && !there.isNull()) {
            throw CliException.badInput(
                    "%s is no valid run specification: %s is %s, not an object"
                            .formatted(name, field, there));
        }
        return tree.putObject(field);
    }

    private static void requireModelAndData(ObjectNode tree) {
        if (tree.path("trainer").asText().equals("external")) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (!tree.hasNonNull("model")) {
            missing.add("--model, such as mlp");
        }
        if (!tree.path("dataset").hasNonNull("name") && !tree.path("dataset").isValueNode()) {
            missing.add("--dataset, such as mnist or wave-source");
        }
        if (!missing.isEmpty()) {
            throw CliException.badInput(
                    "the run is not complete, it needs %s\nMaybe take a file that says it all: -f run.yaml; a trainer of your own needs neither: --trainer external"
                            .formatted(String.join(", and ", missing)));
        }
    }

    /** The same, with the pairs of the policy and of all shadows among those to be measured. */
    public static RunSpecification measuringFor(Policy policy, RunSpecification run) {
        List<NormPair> pairs = new ArrayList<>(run.pairs());
        add(pairs, policy.rule());
        policy.watchedBy(run.shadows()).shadowRules().forEach(shadow -> add(pairs, shadow.rule()));
        return run.measuring(pairs);
    }

    private static void add(List<NormPair> pairs, PruningRule rule) {
        NormPair pair = rule.pair();
        if (pair != null && !pairs.contains(pair)) {
            pairs.add(pair);
        }
    }

    /** Whether the power sums that a policy needs are measured in a run. */
    public static boolean isMeasured(Policy policy, RunSpecification run) {
        NormPair pair = policy.rule().pair();
        return pair == null
                || NormPair.exponents(run.pairs()).containsAll(List.of(pair.p(), pair.q()));
    }
}
