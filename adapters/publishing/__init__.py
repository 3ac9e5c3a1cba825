"""Bringing a fine-tuned model onto a model server: conversion, proof, card."""
