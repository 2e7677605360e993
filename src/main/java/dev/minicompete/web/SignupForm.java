package dev.minicompete.web;

/** The sign-up page; the password is the one thing that it does not give back. */
record SignupForm(String name, String email, String role, String next, String message, FieldErrors errors) {}
