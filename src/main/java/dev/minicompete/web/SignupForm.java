package dev.minicompete.web;

/** The contents of the sign-up page. It never contains the password that was entered. */
record SignupForm(String name, String email, String role, String next, String message, FieldErrors errors) {}
