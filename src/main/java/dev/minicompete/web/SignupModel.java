package dev.minicompete.web;

import org.jspecify.annotations.Nullable;

/** The contents of the sign-up page. It never contains the password that was entered. */
record SignupModel(
        @Nullable String name,
        @Nullable String email,
        @Nullable String role,
        String next,
        @Nullable String message,
        FieldErrors errors) {}
