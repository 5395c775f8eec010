# SPDX-License-Identifier: Apache-2.0
"""Client of Espalier, which prunes networks while they train.

The distribution is called ``espalier-pruning``; the package ``espalier`` on PyPI is another project.
"""

from espalier.continual import Continual
from espalier.errors import (
    BrokerUnavailableError,
    ConfigurationError,
    CorruptArtifactError,
    EspalierError,
    LayoutChangedError,
    OutageError,
    RanksDisagreeError,
    RunConflictError,
    RunFailedError,
    RunForgottenError,
    RunStoppedError,
    SchemaTooNewError,
    StoreUnavailableError,
    UsageError,
)
from espalier.events import Decision, Metric, Reason
from espalier.iteration import Iteration
from espalier.masks import Mask, apply_mask, read_mask
from espalier.session import Session
from espalier.settings import Settings
from espalier.sparsity import pqi

__all__ = [
    "BrokerUnavailableError",
    "ConfigurationError",
    "Continual",
    "CorruptArtifactError",
    "Decision",
    "EspalierError",
    "Iteration",
    "LayoutChangedError",
    "Mask",
    "Metric",
    "OutageError",
    "RanksDisagreeError",
    "Reason",
    "RunConflictError",
    "RunFailedError",
    "RunForgottenError",
    "RunStoppedError",
    "SchemaTooNewError",
    "Session",
    "Settings",
    "StoreUnavailableError",
    "UsageError",
    "apply_mask",
    "pqi",
    "read_mask",
]

__version__ = "0.1.0"
