// SPDX-License-Identifier: Apache-2.0
package dev.espalier.schemas.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a record, as JSON has them.
 *
 * @param types type of each field
 * @param optional the fields that a reader may leave out, or give as null
 */
record RecordShape(Map<String, Type> types, Set<String> optional) {

    static RecordShape of(Class<?> record) {
        Map<String, Type> types = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            types.put(
                    name(component.getAccessor()).orElse(component.getName()),
                    component.getGenericType());
        }
        Parameter[] parameters = creator(record).getParameters();
        String[] names = types.keySet().toArray(String[]::new);
        Set<String> optional = new TreeSet<>();
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i].getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                optional.add(name(parameters[i]).orElse(names[i]));
            }
        }
        return new RecordShape(types, optional);
    }

    /** Whether an absent field is read as a list: an empty one, or the usual one. */
    boolean hasUsualList(String field) {
        return types.get(field) instanceof ParameterizedType list
                && list.getRawType() == List.class
                && !optional.contains(field);
    }

    /** What JSON is read by: the creator, or else the canonical constructor. */
    private static Executable creator(Class<?> record) {
        Optional<Method> creator =
                Stream.of(record.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(JsonCreator.class))
                        .findFirst();
        if (creator.isPresent()) {
            return creator.get();
        }
        Class<?>[] components =
                Stream.of(record.getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class[]::new);
        return Stream.of(record.getDeclaredConstructors())
                .filter(it -> Arrays.equals(it.getParameterTypes(), components))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<String> name(AnnotatedElement element) {
        return Optional.ofNullable(element.getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .filter(name -> !name.isEmpty());
    }
}
