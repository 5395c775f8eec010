// SPDX-License-Identifier: Apache-2.0
/** The decision register's document: all that a decision was made from, to replay it by. */
@NullMarked
package dev.espalier.schemas.decision;

import org.jspecify.annotations.NullMarked;
