# SPDX-License-Identifier: Apache-2.0
# Writes index_laws.csv and index_bootstrap.csv: laws of a yearly index and what they say of a linear payout, and the
# block bootstrap of its payments. Run from this folder: Rscript make_index_laws.R (Debian: r-cran-evd,
# r-cran-fextremes, r-cran-mass, r-cran-boot; R 4.2.2, evd 2.3-6.1, fExtremes 4021.83, boot 1.3-28.1; five minutes).
# Nothing of greenrisk is used.
#
# Data: boot's `manaus` (monthly anomaly of the Rio Negro, Sternberg), least month of each year 1903-1992, and datasets'
# `Nile` (flow at Aswan 1871-1970). Payouts: Manaus from -4 m to -6 m, Nile from 800 to 600 (10^8 m3).
#
# index_laws.csv: family and code; parameters as greenrisk names them; log-likelihood; quantile of the ten-year low;
# expected share of the sum insured, by `integrate` over the distribution function. GEV and Gumbel: evd::fgev
# (Gumbel: shape = 0) and fExtremes::gevFit and gumbelFit of the negatives; normal, lognormal and gamma: MASS::fitdistr.
# fExtremes ends its search earlier than evd, and finds no GEV of the Nile.
# Tolerance: relative 1e-5 of evd and MASS, 1e-4 of its gamma; 2e-3 of fExtremes.
#
# index_bootstrap.csv: mean payment of a year (sum insured 1000), exact standard deviation of its circular block
# bootstrap where blocks fill the record, and bias, standard error and quantiles of boot::tsboot(sim = "fixed",
# endcorr = TRUE) with 200,000 resamples (seed 1987).
# Tolerance: exact values relative 1e-9; of tsboot four of its own standard errors and ours.
suppressMessages({library(evd); library(MASS); library(boot)})
options(digits = 12)
data(manaus)
years <- floor(time(manaus) + 1e-6)
low <- tapply(as.numeric(manaus), years, min)
flow <- as.numeric(Nile)
rows <- list()
add <- function(data, family, code, p, loglik, cdf, quantile, trigger, exit) {
  share <- integrate(cdf, exit, trigger, rel.tol = 1e-11)$value / (trigger - exit)
  rows[[length(rows) + 1]] <<- data.frame(data = data, family = family, code = code, first = p[1], second = p[2],
    third = if (length(p) > 2) p[3] else NA, log_likelihood = loglik, low_10 = quantile(0.1), expected_share = share)
}
best_evd <- function(y, gumbel) {
  starts <- list(NULL, list(loc = mean(y) - 0.45 * sd(y), scale = 0.78 * sd(y), shape = -0.1),
    list(loc = mean(y) - 0.45 * sd(y), scale = 0.78 * sd(y), shape = 0.1))
  found <- lapply(starts, function(s) {
    if (gumbel && !is.null(s)) s$shape <- NULL
    a <- list(x = y, std.err = FALSE, method = "BFGS", control = list(reltol = 1e-15, maxit = 20000))
    if (gumbel) a$shape <- 0
    if (!is.null(s)) a$start <- s
    tryCatch(do.call(fgev, a), error = function(e) NULL)
  })
  found <- Filter(Negate(is.null), found)
  fit <- found[[which.min(sapply(found, deviance))]]
  goal <- function(q) {
    v <- suppressWarnings(-sum(dgev(y, q[1], exp(q[2]), if (gumbel) 0 else q[3], log = TRUE)))
    if (is.finite(v)) v else 1e100
  }
  q <- c(fit$estimate[["loc"]], log(fit$estimate[["scale"]]), if (!gumbel) fit$estimate[["shape"]])
  for (i in 1:6) q <- optim(q, goal, control = list(reltol = 1e-16, maxit = 20000))$par
  list(p = c(q[1], exp(q[2]), if (!gumbel) q[3]), loglik = -goal(q))
}
for (case in list(list("manaus", low, -4, -6), list("nile", flow, 800, 600))) {
  name <- case[[1]]; x <- as.numeric(case[[2]]); trigger <- case[[3]]; exit <- case[[4]]
  for (gumbel in c(TRUE, FALSE)) {
    family <- if (gumbel) "gumbel" else "gev"
    extreme <- function(code, p, loglik) {
      xi <- if (gumbel) 0 else p[3]
      add(name, family, code, p, loglik, function(z) pgev(-z, p[1], p[2], xi, lower.tail = FALSE),
        function(u) -qgev(u, p[1], p[2], xi, lower.tail = FALSE), trigger, exit)
    }
    f <- best_evd(-x, gumbel)
    extreme("evd", f$p, f$loglik)
    # Standardised and put back: in other units its search ends in a singular matrix.
    z <- as.numeric(scale(-x))
    fe <- tryCatch(if (gumbel) fExtremes::gumbelFit(z) else fExtremes::gevFit(z), error = function(e) NULL)
    if (!is.null(fe)) {
      e <- fe@fit$par.ests
      p <- c(mean(-x) + sd(x) * e[["mu"]], sd(x) * e[["beta"]], if (!gumbel) e[["xi"]])
      extreme("fExtremes", p, sum(dgev(-x, p[1], p[2], if (gumbel) 0 else p[3], log = TRUE)))
    } else cat(name, family, "not fitted by fExtremes\n")
  }
  m <- fitdistr(x, "normal")
  add(name, "normal", "MASS", m$estimate, m$loglik, function(z) pnorm(z, m$estimate[1], m$estimate[2]),
    function(u) qnorm(u, m$estimate[1], m$estimate[2]), trigger, exit)
  if (min(x) > 0) {
    l <- fitdistr(x, "lognormal")
    add(name, "lognormal", "MASS", l$estimate, l$loglik, function(z) plnorm(z, l$estimate[1], l$estimate[2]),
      function(u) qlnorm(u, l$estimate[1], l$estimate[2]), trigger, exit)
    # In hundreds: fitdistr's search needs parameters of like size.
    g <- fitdistr(x / 100, "gamma", control = list(reltol = 1e-16, maxit = 20000))
    s <- g$estimate[["shape"]]; t <- 100 / g$estimate[["rate"]]
    add(name, "gamma", "MASS", c(s, t), sum(dgamma(x, s, scale = t, log = TRUE)),
      function(z) pgamma(z, s, scale = t), function(u) qgamma(u, s, scale = t), trigger, exit)
  }
}
write.csv(format(do.call(rbind, rows), digits = 12, trim = TRUE), "index_laws.csv", row.names = FALSE, quote = FALSE)

set.seed(1987)
drawn <- list()
for (case in list(list("manaus", low, -4, -6, c(1, 5, 7)), list("nile", flow, 800, 600, c(1, 5, 7)))) {
  paid <- 1000 * pmin(pmax((case[[3]] - as.numeric(case[[2]])) / (case[[3]] - case[[4]]), 0), 1)
  n <- length(paid)
  for (block in case[[5]]) {
    b <- tsboot(paid, mean, R = 200000, l = block, sim = "fixed", endcorr = TRUE)$t[, 1]
    # Circular blocks that fill the record: independent sums, each beginning anywhere with the same chance.
    sums <- sapply(1:n, function(i) sum(paid[(i + 0:(block - 1) - 1) %% n + 1]))
    exact <- if (n %% block == 0) sqrt(n / block * mean((sums - mean(sums))^2)) / n else NA
    drawn[[length(drawn) + 1]] <- data.frame(data = case[[1]], years = n, block_years = block, mean = mean(paid),
      exact_error = exact, error = sd(b), low = quantile(b, 0.05, names = FALSE), high = quantile(b, 0.95, names = FALSE))
  }
}
write.csv(format(do.call(rbind, drawn), digits = 12, trim = TRUE), "index_bootstrap.csv", row.names = FALSE, quote = FALSE)
