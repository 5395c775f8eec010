// SPDX-License-Identifier: Apache-2.0
package dev.espalier.transport.health;

/** What a service depends on outside its process. */
public enum Dependency {
    BROKER("broker"),
    STORE("object store"),
    DISK("temporary disk");

    private final String text;

    Dependency(String text) {
        this.text = text;
    }

    /** The name in messages. */
    public String text() {
        return text;
    }
}
