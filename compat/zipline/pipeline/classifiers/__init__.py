"""Classifiers: terms that put each asset into a group on each day."""

from __future__ import annotations

from .classifier import Classifier, CustomClassifier, Everything, Latest, Quantiles

__all__ = ["Classifier", "CustomClassifier", "Everything", "Latest", "Quantiles"]
