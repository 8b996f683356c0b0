# SPDX-License-Identifier: Apache-2.0
# Writes fits.json: maximum likelihood in R, with the losses it was given. Run from this folder: Rscript make_fits.R
# (Debian: r-cran-fitdistrplus, r-cran-actuar, r-cran-evd, r-cran-numderiv, r-cran-jsonlite; half a minute).
# Nothing of greenrisk is used.
#
# Exact and censored records are first given to fitdistrplus (fitdist, fitdistcens), truncated, weighted and grouped
# ones to optim. Because these stop early, the best of several starts is then polished by Newton's method on
# numDeriv's derivatives until the gradient is gone; standard errors are from numDeriv's Hessian of the likelihood.
# ks, cvm, ad: of fitdistrplus::gofstat on exact records (its cvm and ad are the sums W^2 and A^2, ks is the distance).
# Invented losses are quantiles of a law at shuffled plotting positions, times a disturbance, in six digits. Of the
# Danish fire losses (fitdistrplus::danishuni; McNeil 1997) only the fits are told.
suppressMessages({library(fitdistrplus); library(actuar); library(evd); library(numDeriv); library(jsonlite)})
set.seed(20261123)

# Density, distribution function and start of each family, by greenrisk's names of the parameters.
laws <- list(
  Lognormal = list(d = function(x, p, log) dlnorm(x, p[1], p[2], log),
    s = function(x, p) plnorm(x, p[1], p[2], FALSE, TRUE),
    names = c("mu", "sigma"), positive = 2, r = "lnorm", rnames = c("meanlog", "sdlog")),
  Exponential = list(d = function(x, p, log) dexp(x, 1 / p[1], log), s = function(x, p) pexp(x, 1 / p[1], FALSE, TRUE),
    names = "scale", positive = 1, r = NA),
  Gamma = list(d = function(x, p, log) dgamma(x, p[1], scale = p[2], log = log),
    s = function(x, p) pgamma(x, p[1], scale = p[2], lower.tail = FALSE, log.p = TRUE),
    names = c("shape", "scale"), positive = 1:2, r = "gamma", rnames = c("shape", "scale")),
  Weibull = list(d = function(x, p, log) dweibull(x, p[1], p[2], log),
    s = function(x, p) pweibull(x, p[1], p[2], FALSE, TRUE),
    names = c("shape", "scale"), positive = 1:2, r = "weibull", rnames = c("shape", "scale")),
  ParetoII = list(d = function(x, p, log) actuar::dpareto(x, p[1], scale = p[2], log = log),
    s = function(x, p) actuar::ppareto(x, p[1], scale = p[2], lower.tail = FALSE, log.p = TRUE),
    names = c("shape", "scale"), positive = 1:2, r = "pareto", rnames = c("shape", "scale")),
  Burr = list(d = function(x, p, log) dburr(x, p[1], p[2], scale = p[3], log = log),
    s = function(x, p) pburr(x, p[1], p[2], scale = p[3], lower.tail = FALSE, log.p = TRUE),
    names = c("alpha", "gamma", "scale"), positive = 1:3, r = "burr", rnames = c("shape1", "shape2", "scale")),
  Loglogistic = list(d = function(x, p, log) dllogis(x, p[1], scale = p[2], log = log),
    s = function(x, p) pllogis(x, p[1], scale = p[2], lower.tail = FALSE, log.p = TRUE),
    names = c("shape", "scale"), positive = 1:2, r = "llogis", rnames = c("shape", "scale")),
  InverseGaussian = list(d = function(x, p, log) actuar::dinvgauss(x, p[1], p[2], log = log),
    s = function(x, p) actuar::pinvgauss(x, p[1], p[2], lower.tail = FALSE, log.p = TRUE),
    names = c("mean", "shape"), positive = 1:2, r = "invgauss", rnames = c("mean", "shape")))

start_of <- function(family, x) {
  m <- median(x)
  switch(family, Lognormal = c(mean(log(x)), sd(log(x))), Exponential = mean(x), Gamma = c(1, mean(x)),
    Weibull = c(1, mean(x)), ParetoII = c(3, 2 * mean(x)), Burr = c(1, 1.5, m), Loglogistic = c(1.5, m),
    InverseGaussian = c(mean(x), mean(x)))
}

# Records: lower == upper exact, upper Inf right-censored, else an interval; t left truncation, w weight.
log_likelihood <- function(law, p, data) {
  if (any(p[law$positive] <= 0)) return(-1e100)
  exact <- data$lower == data$upper
  one <- numeric(length(exact))
  one[exact] <- law$d(data$lower[exact], p, TRUE)
  above <- law$s(data$lower[!exact], p)
  below <- ifelse(is.finite(data$upper[!exact]), law$s(data$upper[!exact], p), -Inf)
  one[!exact] <- above + log1p(-exp(below - above))
  sum(data$w * (one - ifelse(data$t > 0, law$s(data$t, p), 0)))
}

fit <- function(family, data) {
  law <- laws[[family]]
  middle <- ifelse(is.finite(data$upper), (data$lower + data$upper) / 2, data$lower)
  first <- start_of(family, middle)
  link <- function(p) { p[law$positive] <- log(p[law$positive]); p }
  back <- function(q) { q[law$positive] <- exp(q[law$positive]); q }
  goal <- function(q) { v <- suppressWarnings(-log_likelihood(law, back(q), data)); if (is.finite(v)) v else 1e100 }
  tries <- list(first, first * 1.7, first * 0.6)
  if (family == "Burr") tries <- c(tries, list(c(0.2, 6, first[3] / 1.5), c(4, 1, first[3] * 3)))
  ends <- lapply(tries, function(s) {
    q <- link(s)
    for (i in 1:3) q <- optim(q, goal, method = "Nelder-Mead", control = list(reltol = 1e-15, maxit = 20000))$par
    list(q = q, value = goal(q))
  })
  q <- ends[[which.min(sapply(ends, `[[`, "value"))]]$q
  for (i in 1:6) {
    step <- solve(hessian(goal, q), grad(goal, q))
    if (goal(q - step) <= goal(q) + 1e-9) q <- q - step
  }
  stopifnot(max(abs(solve(hessian(goal, q), grad(goal, q)))) < 1e-6)
  p <- back(q)
  covariance <- solve(hessian(function(p) -log_likelihood(law, p, data), p))
  names(p) <- law$names
  list(parameters = as.list(p), standard_errors = as.list(setNames(sqrt(diag(covariance)), law$names)),
       covariance = covariance, log_likelihood = log_likelihood(law, p, data))
}

frame <- function(lower, upper = lower, t = 0, w = 1)
  list(lower = lower, upper = upper, t = rep_len(t, length(lower)), w = rep_len(w, length(lower)))

# What fitdistrplus itself finds, and its distances between the empirical and its law.
package <- function(family, data, found) {
  law <- laws[[family]]
  if (is.na(law$r)) return(NULL)
  start <- setNames(found$parameters, law$rnames)
  if (all(data$lower == data$upper)) {
    f <- suppressWarnings(fitdist(data$lower, law$r, start = start))
    g <- gofstat(f)
    return(list(log_likelihood = f$loglik, aic = f$aic, bic = f$bic,
                ks = g$ks[[1]], cvm = g$cvm[[1]], ad = g$ad[[1]]))
  }
  ends <- data.frame(left = data$lower, right = ifelse(is.finite(data$upper), data$upper, NA))
  f <- suppressWarnings(fitdistcens(ends, law$r, start = start))
  list(log_likelihood = f$loglik, aic = f$aic, bic = f$bic)
}

disturbed <- function(quantile, n) signif(quantile(sample(ppoints(n))) * exp(rnorm(n, 0, 0.1)), 6)
samples <- list(); fits <- list()
run <- function(sample, families, data, with_package = TRUE, told = TRUE) {
  if (told) {
    samples[[sample]] <<- list(lower = data$lower, upper = data$upper, deductible = data$t, weight = data$w)
  }
  for (family in families) {
    found <- fit(family, data)
    one <- c(list(sample = sample, family = family), found)
    k <- length(found$parameters); n <- sum(data$w)
    one$aic <- 2 * k - 2 * found$log_likelihood; one$bic <- k * log(n) - 2 * found$log_likelihood
    if (with_package) one$fitdistrplus <- package(family, data, found)
    fits[[length(fits) + 1]] <<- one
  }
}

run("light", c("Lognormal", "Gamma", "Weibull", "Exponential", "InverseGaussian", "Loglogistic"),
    frame(disturbed(function(u) qgamma(u, 2, scale = 1500), 120)))
heavy <- disturbed(function(u) qburr(u, 1.4, 1.6, scale = 2e4), 150)
run("heavy", c("Lognormal", "ParetoII", "Burr", "Loglogistic"), frame(heavy))
# Censored: each record has a limit of its own, and every sixth is known to an interval only.
x <- disturbed(function(u) qlnorm(u, 9, 1.3), 140)
limit <- sample(c(15000, 30000, 80000), 140, TRUE)
data <- frame(pmin(x, limit), ifelse(x > limit, Inf, x))
coarse <- seq(6, 140, 6); coarse <- coarse[is.finite(data$upper[coarse])]
data$lower[coarse] <- 2000 * floor(x[coarse] / 2000); data$upper[coarse] <- data$lower[coarse] + 2000
run("limits and intervals", c("Lognormal", "Gamma", "Weibull", "Loglogistic", "Burr"), data)
# Truncated: what is below a record's deductible is not on record.
x <- disturbed(function(u) qlnorm(u, 9, 1.3), 220)
t <- sample(c(0, 1000, 5000), 220, TRUE)
run("deductibles", c("Lognormal", "Gamma", "Weibull", "Loglogistic"), frame(x[x > t], t = t[x > t]), FALSE)
# All at once: deductible, limit of the policy above it, weights.
x <- disturbed(function(u) qburr(u, 2, 1.5, scale = 9000), 180)
t <- sample(c(500, 2000), 180, TRUE); limit <- t + sample(c(10000, 25000), 180, TRUE); keep <- x > t
data <- frame(pmin(x, limit)[keep], ifelse(x > limit, Inf, x)[keep], t[keep], sample(1:3, 180, TRUE)[keep])
run("deductibles, limits and weights", c("Lognormal", "Weibull", "Loglogistic", "ParetoII"), data, FALSE)
# Grouped: only the numbers in classes are known.
edges <- c(0, 1000, 2500, 5000, 10000, 20000, 50000, Inf); counts <- c(96, 131, 158, 151, 96, 51, 14)
run("classes", c("Lognormal", "Gamma", "Weibull", "ParetoII", "Loglogistic"),
    frame(edges[1:7], edges[2:8], w = counts), FALSE)

data(danishuni)
fire <- danishuni$Loss
run("danish fire, as it is", c("Lognormal", "Gamma", "Weibull", "Loglogistic"), frame(fire), told = FALSE)
# At or below 1 nothing is on record; the eleven losses of exactly 1 are left out.
run("danish fire, above 1", c("Lognormal", "Loglogistic"), frame(fire[fire > 1], t = 1), FALSE, FALSE)
run("danish fire, cut at 20", c("Lognormal", "Loglogistic"),
    frame(pmin(fire, 20), ifelse(fire >= 20, Inf, fire)), TRUE, FALSE)

# Generalised Pareto tails: evd::fpot from several starts, the best taken; one start alone stops early on some.
tails <- lapply(c(1, 3, 5, 10, 20), function(u) {
  y <- fire[fire > u] - u
  goal <- function(q) -sum(dgpd(y, 0, exp(q[1]), q[2], log = TRUE))
  safe <- function(q) { v <- suppressWarnings(goal(q)); if (is.finite(v)) v else 1e100 }
  starts <- list(NULL, list(scale = mean(y), shape = 0.1), list(scale = mean(y) / 2, shape = 0.5),
                 list(scale = mean(y), shape = 0.9))
  tried <- lapply(starts, function(s) tryCatch({
    f <- suppressWarnings(if (is.null(s)) fpot(fire, u) else fpot(fire, u, start = s))
    list(q = c(log(f$estimate[["scale"]]), f$estimate[["shape"]]), value = f$deviance / 2)
  }, error = function(e) list(q = c(log(mean(y)), 0.1), value = NA)))
  values <- sapply(tried, `[[`, "value")
  q <- tried[[which.min(values)]]$q
  q <- optim(q, safe, control = list(reltol = 1e-15, maxit = 10000))$par
  for (i in 1:6) q <- q - solve(hessian(goal, q), grad(goal, q))
  p <- c(exp(q[1]), q[2])
  covariance <- solve(hessian(function(p) -sum(dgpd(y, 0, p[1], p[2], log = TRUE)), p))
  list(threshold = u, rule = "strictly greater", count = length(y), scale = p[1], shape = p[2],
       standard_errors = list(scale = sqrt(covariance[1, 1]), shape = sqrt(covariance[2, 2])),
       log_likelihood = -goal(q), fpot_deviance_over_2_by_start = values)
})

text <- toJSON(list(
  what = paste("Severities fitted by maximum likelihood to records: lower == upper exact, upper Inf censored there;",
    "standard errors from the observed information, in the parameters themselves"),
  made_by = sprintf("make_fits.R with %s, fitdistrplus %s, actuar %s, evd %s, numDeriv %s, %s", R.version.string,
    packageVersion("fitdistrplus"), packageVersion("actuar"), packageVersion("evd"), packageVersion("numDeriv"),
    Sys.Date()),
  tolerance = paste("parameters relative 1e-6, log-likelihood absolute 1e-6, standard errors relative 1e-5; the",
    "entries of fitdistrplus (begun at the maximum) are its own: log-likelihood 1e-6, distances relative 1e-5;",
    "fpot: one start a column, some stop early"),
  samples = samples, fits = fits, danish_fire_tails = tails), auto_unbox = TRUE, digits = 12)
write(gsub("},{", "},\n{", gsub("],\"", "],\n\"", text, fixed = TRUE), fixed = TRUE), "fits.json")
