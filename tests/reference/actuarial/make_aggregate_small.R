# SPDX-License-Identifier: Apache-2.0
# Writes aggregate_small.json: aggregate laws of losses on a grid of points by actuar::aggregateDist, exact up to
# rounding. Run from this folder: Rscript make_aggregate_small.R (Debian: r-cran-actuar, r-cran-jsonlite). Nothing of
# greenrisk is used.
#
# One loss takes the values 100 k with the probabilities ``severity`` (k = 0, 1, ...). By "convolution" the number of
# losses has a finite law; by "recursive" it is of Panjer's class (a, b, 0) or (a, b, 1). VaR and TVaR are computed here
# from the masses: inf{x : F(x) >= p}, and VaR + E[(S - VaR)+] / (1 - p) (actuar's own TVaR is not coherent at atoms).
suppressMessages({library(actuar); library(jsonlite)})
step <- 100
measures <- function(p) {
  x <- step * (seq_along(p) - 1)
  lapply(c(0.5, 0.9, 0.99, 0.995), function(level) {
    v <- x[which(cumsum(p) >= level - 1e-14)[1]]
    list(level = level, value_at_risk = v, tail_value_at_risk = v + sum(pmax(x - v, 0) * p) / (1 - level))
  })
}
told <- function(name, parameters, severity, law) {
  x <- knots(law); p <- diff(law)
  full <- numeric(round(max(x) / step) + 1)
  full[round(x / step) + 1] <- p
  list(frequency = name, frequency_parameters = parameters, severity = severity, probabilities = full,
       total = sum(full), mean = sum(full * step * (seq_along(full) - 1)), measures = measures(full))
}
gap <- c(0, 0.35, 0.3, 0, 0.2, 0.1, 0, 0.05)
zero <- c(0.25, 0.15, 0.1, 0.125, 0.075, 0.05, 0.05, 0.05, 0.05, 0.1)
recursive <- function(...) aggregateDist("recursive", x.scale = step, maxit = 5000, tol = 1e-13, ...)
convolved <- function(severity)
  aggregateDist("convolution", model.freq = counts, model.sev = severity, x.scale = step)
counts <- c(0.05, 0.1, 0.15, 0.2, 0.25, 0.15, 0.06, 0.03, 0.01)
laws <- list(
  told("EmpiricalCounts", counts, zero, convolved(zero)),
  told("EmpiricalCounts", counts, gap, convolved(gap)),
  told("Poisson", 2.5, gap, recursive(model.freq = "poisson", model.sev = gap, lambda = 2.5)),
  told("Poisson", 9, zero, recursive(model.freq = "poisson", model.sev = zero, lambda = 9)),
  told("Binomial", c(7, 0.3), gap, recursive(model.freq = "binomial", model.sev = gap, size = 7, prob = 0.3)),
  told("NegativeBinomial", c(1.5, 2), gap,
       recursive(model.freq = "negative binomial", model.sev = gap, size = 1.5, prob = 1 / 3)),
  # actuar 3.3-2 answers nothing but the mass at 0 where a logarithmic law has no p0: its recursion is given one.
  told("ZeroModifiedLogarithmic", c(1.5, 0.4), zero,
       recursive(model.freq = "logarithmic", model.sev = zero, prob = 0.6, p0 = 0.4)),
  told("ZeroTruncatedPoisson", 2.5, zero,
       recursive(model.freq = "poisson", model.sev = zero, lambda = 2.5, p0 = 0)),
  told("ZeroModifiedPoisson", c(2.5, 0.4), gap,
       recursive(model.freq = "poisson", model.sev = gap, lambda = 2.5, p0 = 0.4)),
  told("ZeroModifiedNegativeBinomial", c(1.5, 2, 0.4), zero,
       recursive(model.freq = "negative binomial", model.sev = zero, size = 1.5, prob = 1 / 3, p0 = 0.4)))
text <- toJSON(list(
  what = "Masses of S = X_1 + ... + X_N at 0, 100, 200, ...",
  made_by = sprintf("make_aggregate_small.R with %s, actuar %s, %s", R.version.string, packageVersion("actuar"),
    Sys.Date()),
  tolerance = "masses absolute 1e-12 (total says what recursion left out at the top); VaR exact; TVaR relative 1e-9",
  step = step, laws = laws), auto_unbox = TRUE, digits = 17)
write(gsub("},{", "},\n{", gsub("],\"", "],\n\"", text, fixed = TRUE), fixed = TRUE), "aggregate_small.json")
