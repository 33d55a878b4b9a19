package dev.pactwatch.topology;

import java.util.List;

/** Under which threads the judgements of one article about one agreement are stored. */
record Threads(List<String> threads) {}
