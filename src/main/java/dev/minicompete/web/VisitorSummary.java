package dev.minicompete.web;

/**
 * What the header of each page shows of its visitor.
 *
 * @param unread the number of unread mails, at most {@link VisitorSummaryRepository#MAXIMUM_UNREAD}
 */
record VisitorSummary(String name, int unread) {}
