# SPDX-License-Identifier: Apache-2.0
# Writes credibility.json: credibility premiums by actuar's cm(). Run from this folder: Rscript make_credibility.R
# (Debian: r-cran-actuar, r-cran-jsonlite). Nothing of greenrisk is used.
#
# Data: Hachemeister (1975), average claims and claim numbers of five states in twelve quarters (actuar::hachemeister).
# Cases: all of it; with unobserved records (weight 0) and a true zero; without weights; a table whose variance between
# risks is estimated below 0; two cohorts of states; cohorts with a single state; trends, the intercept at the barycentre.
# actuar iterates to a relative 1.5e-8; its averaged estimator counts a group of one member as an estimate of 0, so
# cohorts with a single state are written for the other two only.
suppressMessages({library(actuar); library(jsonlite)})
data(hachemeister)
ratios <- as.matrix(hachemeister[, 2:13]); weights <- as.matrix(hachemeister[, 14:25])
# without groups, Buhlmann and Gisler's estimator is the plain unbiased one
named <- function(method) if (method == "unbiased") "Buhlmann-Gisler" else method
unname_all <- function(x) unname(as.matrix(x))

straub <- function(x, w, method) {
  data <- data.frame(state = 1:nrow(x), unname(x), unname(w))
  n <- ncol(x); names(data) <- c("state", paste0("r.", 1:n), paste0("w.", 1:n))
  fit <- eval(bquote(cm(~state, data, ratios = .(as.name("r.1")):.(as.name(paste0("r.", n))),
    weights = .(as.name("w.1")):.(as.name(paste0("w.", n))), method = .(named(method)))))
  variance <- if (is.null(fit$iterative)) fit$unbiased else fit$iterative
  list(method = method, collective = unname(fit$means$portfolio), mean = unname(fit$means$state),
    weight = unname(fit$weights$state), within = unname(variance["state"]), between = unname(variance["portfolio"]),
    factor = unname(unlist(fit$cred)), premium = unname(unlist(predict(fit))))
}

tree <- function(cohort, method) {
  data <- data.frame(cohort = cohort, hachemeister)
  fit <- cm(~cohort + cohort:state, data, ratios = ratio.1:ratio.12, weights = weight.1:weight.12, method = method)
  variance <- if (is.null(fit$iterative)) fit$unbiased else fit$iterative
  premium <- predict(fit)
  list(method = method, cohort = cohort, collective = unname(fit$means$portfolio), variance = unname(variance),
    cohort_mean = unname(fit$means$cohort), cohort_weight = unname(fit$weights$cohort),
    cohort_premium = unname(premium$cohort), premium = unname(premium$state))
}

trend <- function(method) {
  fit <- cm(~state, hachemeister, regformula = ~time, regdata = data.frame(time = 1:12), adj.intercept = TRUE,
    ratios = ratio.1:ratio.12, weights = weight.1:weight.12, method = named(method))
  variance <- if (is.null(fit$iterative)) fit$unbiased else fit$iterative
  list(method = method, within = unname(variance$state), factor = t(sapply(1:5, function(i) diag(fit$cred[, , i]))),
    premium_13 = unname(predict(fit, newdata = data.frame(time = 13))))
}

gaps <- ratios; gap_weights <- weights
gaps[4, 1:4] <- NA; gap_weights[4, 1:4] <- NA; gaps[2, 5] <- 0
alike <- matrix(c(81, 110, 117, 81, 100, 128, 106, 75, 91, 34, 128, 123, 75, 115, 145, 134, 125, 102,
  148, 122, 112, 99, 118, 40), 4, byrow = TRUE)
ones <- function(x) matrix(1, nrow(x), ncol(x))
out <- list(
  what = "Credibility premiums: Buhlmann-Straub, hierarchical and regression with adjusted intercept",
  made_by = paste("make_credibility.R with", R.version.string, "and actuar", packageVersion("actuar"), Sys.Date()),
  tolerance = "relative 1e-10 for closed forms, 1e-6 for the iterative estimators",
  ratios = unname_all(ratios), weights = unname_all(weights), ratios_with_gaps = unname_all(gaps),
  weights_with_gaps = unname_all(gap_weights), alike = alike,
  straub = lapply(c("unbiased", "iterative"), function(m) straub(ratios, weights, m)),
  straub_with_gaps = straub(gaps, gap_weights, "unbiased"),
  unweighted = straub(ratios, ones(ratios), "unbiased"),
  straub_alike = straub(alike, ones(alike), "unbiased"),
  hierarchical = c(lapply(c("Buhlmann-Gisler", "Ohlsson", "iterative"), function(m) tree(c(1, 2, 1, 2, 2), m)),
    lapply(c("Ohlsson", "iterative"), function(m) tree(c(1, 2, 1, 2, 3), m))),
  trend = lapply(c("unbiased", "iterative"), trend))
write(toJSON(out, auto_unbox = TRUE, digits = NA, na = "null"), "credibility.json")
