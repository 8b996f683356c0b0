# SPDX-License-Identifier: Apache-2.0
# Writes extremes.json: generalised extreme value and generalised Pareto fits by R's evd. Run from this folder:
# Rscript make_extremes.R (Debian: r-cran-evd, r-cran-fitdistrplus, r-cran-numderiv, r-cran-jsonlite; half a minute).
# Nothing of greenrisk is used.
#
# evd::fgev and evd::fpot are called from several starts (one start stops early on some data); the best end is
# polished by Newton's method on numDeriv's derivatives of minus the sum of evd's own log-densities. Standard errors:
# numDeriv's Hessian in the parameters themselves, the scale's logarithm beside it. Profile intervals (95 %, half of
# qchisq(0.95, 1) below the maximum): the parameter or the return level is held, the others are maximised by optim, the
# ends are found by uniroot. The rate of peaks is taken as known. Invented data are quantiles at shuffled plotting
# positions times a disturbance, in six digits; of evd's and fitdistrplus's data only the fits are told.
suppressMessages({library(evd); library(numDeriv); library(jsonlite)})
set.seed(1975)
# numDeriv begins with steps of a tenth of a parameter, which leaves the support where there is an end.
hessian <- function(f, x) numDeriv::hessian(f, x, method.args = list(d = 0.004))

# GEV: q = (location, [trend], log scale, shape); GPD: q = (log scale, shape).
gev_goal <- function(x, t) function(q) {
  k <- length(q)
  location <- q[1] + if (k == 4) q[2] * t else 0
  v <- suppressWarnings(-sum(dgev(x, location, exp(q[k - 1]), q[k], log = TRUE)))
  if (is.finite(v)) v else 1e100
}
gpd_goal <- function(y) function(q) {
  if (anyNA(q)) return(1e100)
  v <- suppressWarnings(-sum(dgpd(y, 0, exp(q[1]), q[2], log = TRUE)))
  if (is.finite(v)) v else 1e100
}
polish <- function(goal, ends) {
  values <- sapply(ends, goal)
  q <- ends[[which.min(values)]]
  for (i in 1:3) q <- optim(q, goal, control = list(reltol = 1e-15, maxit = 20000))$par
  for (i in 1:6) q <- q - solve(hessian(goal, q), grad(goal, q))
  stopifnot(max(abs(solve(hessian(goal, q), grad(goal, q)))) < 1e-7)
  q
}
# The interval of what ``place`` puts into the parameters: place(free, value) gives all of them.
interval <- function(goal, best, value, error, place, free) {
  drop <- goal(best) + qchisq(0.95, 1) / 2
  depth <- function(v) {
    low <- list(par = free)
    for (i in 1:2) low <- optim(low$par, function(f) goal(place(f, v)), control = list(reltol = 1e-14, maxit = 20000))
    low$value - drop
  }
  side <- function(sign) {
    end <- value + sign * error
    while (depth(end) < 0) end <- end + sign * error
    uniroot(depth, sort(c(value, end)), tol = 1e-8 * abs(error))$root
  }
  if (length(free) == 1) depth <- function(v)
    optimize(function(f) goal(place(f, v)), free + c(-0.8, 0.8), tol = 1e-12)$objective - drop
  c(side(-1), side(1))
}

block_maxima <- function(name, x, t = NULL, told = FALSE) {
  goal <- gev_goal(x, t)
  s <- sqrt(6 * var(x)) / pi
  frame <- if (is.null(t)) NULL else data.frame(trend = t)
  first <- list(loc = mean(x) - 0.58 * s, scale = s)
  if (!is.null(t)) first$loctrend <- 0
  ends <- list()
  for (shape in c(-0.2, 0.1, 0.4)) {
    start <- c(first, shape = shape)
    found <- tryCatch(suppressWarnings(fgev(x, nsloc = frame, start = start)), error = function(e) NULL)
    if (!is.null(found)) {
      estimate <- found$estimate[c("loc", if (!is.null(t)) "loctrend", "scale", "shape")]
      estimate["scale"] <- log(estimate["scale"])
      ends[[length(ends) + 1]] <- unname(estimate)
    }
  }
  q <- polish(goal, ends)
  k <- length(q)
  errors <- sqrt(diag(solve(hessian(goal, q))))
  names <- c("location", if (!is.null(t)) "trend", "scale", "shape")
  p <- q; p[k - 1] <- exp(p[k - 1])
  se <- errors; se[k - 1] <- se[k - 1] * p[k - 1]
  result <- list(data = name, count = length(x), parameters = as.list(setNames(p, names)),
    standard_errors = c(as.list(setNames(se, names)), log_scale = errors[k - 1]), log_likelihood = -goal(q),
    deviance_over_2_by_start = sapply(ends, goal),
    shape_interval = interval(goal, q, q[k], errors[k], function(f, v) c(f, v), q[-k]))
  if (is.null(t)) {
    level <- function(q, m) q[1] + exp(q[2]) / q[3] * ((-log1p(-1 / m))^-q[3] - 1)
    result$return_levels <- lapply(c(10, 100), function(m) {
      g <- grad(function(q) level(q, m), q)
      error <- sqrt(c(g %*% solve(hessian(goal, q), g)))
      list(blocks = m, value = level(q, m), standard_error = error,
           interval = interval(goal, q, level(q, m), error, function(f, v) c(v - level(c(0, f), m), f), q[-1]))
    })
  }
  if (told) { result$x <- x; if (!is.null(t)) result$t <- t }
  result
}

peaks <- function(name, y, threshold, years, told = FALSE) {
  goal <- gpd_goal(y)
  ends <- list()
  for (shape in c(-0.1, 0.1, 0.5, 0.9)) {
    start <- list(scale = mean(y), shape = shape)
    found <- tryCatch(suppressWarnings(fpot(y, 0, start = start)), error = function(e) NULL)
    if (!is.null(found)) ends[[length(ends) + 1]] <- c(log(found$estimate[["scale"]]), found$estimate[["shape"]])
  }
  q <- polish(goal, ends)
  covariance <- solve(hessian(goal, q))
  errors <- sqrt(diag(covariance))
  rate <- length(y) / years
  level <- function(q, m) threshold + exp(q[1]) / q[2] * ((rate * m)^q[2] - 1)
  result <- list(data = name, threshold = threshold, rule = "strictly greater", years = years, count = length(y),
    parameters = list(scale = exp(q[1]), shape = q[2]),
    standard_errors = list(scale = exp(q[1]) * errors[1], shape = errors[2], log_scale = errors[1]),
    log_likelihood = -goal(q), deviance_over_2_by_start = sapply(ends, goal),
    shape_interval = interval(goal, q, q[2], errors[2], function(f, v) c(f, v), q[1]),
    return_levels = lapply(c(10, 100), function(m) {
      g <- grad(function(q) level(q, m), q)
      error <- sqrt(c(g %*% covariance %*% g))
      list(years = m, value = level(q, m), standard_error = error,
           interval = interval(goal, q, level(q, m), error,
             function(f, v) c(log((v - threshold) * f / ((rate * m)^f - 1)), f), q[2]))
    }))
  if (told) result$excesses <- y
  result
}

quantiles <- function(q, n) signif(q(sample(ppoints(n))) * exp(rnorm(n, 0, 0.02)), 6)
data(portpirie); data(venice); data(danishuni, package = "fitdistrplus")
year <- 1:90
maxima <- quantiles(function(u) qgev(u, 50, 8, 0.15), 90)
blocks <- list(
  block_maxima("invented, no trend", maxima, told = TRUE),
  block_maxima("invented, trend of the location", signif(maxima + 0.2 * year, 6), year, told = TRUE),
  block_maxima("invented, bounded", quantiles(function(u) qgev(u, 30, 2, -0.3), 70), told = TRUE),
  block_maxima("evd portpirie", as.numeric(portpirie)),
  block_maxima("evd portpirie, trend over 0..64", as.numeric(portpirie), 0:64),
  block_maxima("evd venice, largest of each year, trend over 0..50", as.numeric(venice[, 1]), 0:50))
fire <- danishuni$Loss
tails <- c(
  list(peaks("invented", quantiles(function(u) qgpd(u, 0, 5, 0.4), 130), 10, 12, TRUE),
       peaks("invented, light", quantiles(function(u) qgpd(u, 0, 5, -0.15), 90), 2, 30, TRUE)),
  lapply(c(3, 5, 10, 20), function(u) peaks("danish fire", fire[fire > u] - u, u, 11)))
text <- toJSON(list(
  what = "Extreme value laws fitted by maximum likelihood; shape > 0 is a heavy tail; intervals are profile, 95 %",
  made_by = sprintf("make_extremes.R with %s, evd %s, numDeriv %s, %s", R.version.string, packageVersion("evd"),
    packageVersion("numDeriv"), Sys.Date()),
  tolerance = paste("parameters and return levels relative 1e-6, log-likelihood absolute 1e-6, standard errors",
    "relative 1e-5, ends of intervals 1e-4 of the standard error"),
  block_maxima = blocks, peaks = tails), auto_unbox = TRUE, digits = 12)
write(gsub("},{", "},\n{", gsub("],\"", "],\n\"", text, fixed = TRUE), fixed = TRUE), "extremes.json")
