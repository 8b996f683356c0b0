# SPDX-License-Identifier: Apache-2.0
# Writes glm.json: rating regressions by R, with the invented table they were given. Run from this folder:
# Rscript make_glm.R (Debian: r-cran-mass, r-cran-statmod, r-cran-numderiv, r-cran-jsonlite). Nothing of greenrisk.
#
# Counts: glm(poisson) and MASS::glm.nb, offset ln(exposure). Amounts: mean claims by glm(Gamma, log) with the number
# of claims as weights; loss costs (amount / exposure) by statmod::tweedie with the exposure as weights. All with log
# link. Errors are those of summary.glm: dispersion 1 for counts, Pearson's for amounts ("pearson"). The Tweedie
# likelihood is the sum over n of Poisson(n) times gamma densities of n claims, term by term; power, dispersion and
# coefficients are maximised together (optim from two starts, then Newton's method on numDeriv's derivatives).
suppressMessages({library(MASS); library(statmod); library(numDeriv); library(jsonlite)})
set.seed(1992)
n <- 90
table <- data.frame(zone = sample(c("north", "south", "west"), n, TRUE), age = round(runif(n, 5, 60), 1),
                    exposure = round(rgamma(n, 2, 0.2) + 1, 2))
mean_count <- table$exposure *
  exp(-1.2 + 0.5 * (table$zone == "south") - 0.3 * (table$zone == "west") - 0.012 * table$age)
table$count <- rnbinom(n, 3, mu = mean_count)
size <- exp(7 + 0.4 * (table$zone == "west") + 0.01 * table$age)
table$amount <- round(mapply(function(k, m) if (k) sum(rgamma(k, 1.5, 1.5 / m)) else 0, table$count, size), 2)
# A deviance is flat at its minimum: glm would stop with four digits too few, so that it is told never to stop early.
control <- glm.control(epsilon = 1e-300, maxit = 100)

told <- function(fit, extra = list()) {
  s <- summary(fit)
  c(list(coefficients = unname(coef(fit)), standard_errors = unname(s$coefficients[, 2]), deviance = fit$deviance,
         pearson = sum(residuals(fit, "pearson")^2)), extra)
}
poisson_fit <- glm(count ~ zone + age, poisson, table, offset = log(exposure), control = control)
nb <- glm.nb(count ~ zone + age + offset(log(exposure)), table, control = control)
# glm.nb stops at 1e-8 in theta: the profile is climbed on, and the errors of the coefficients are those at that theta.
profile <- function(log_theta) {
  f <- glm(count ~ zone + age, negative.binomial(exp(log_theta)), table, offset = log(exposure), control = control)
  list(fit = f, value = sum(dnbinom(table$count, exp(log_theta), mu = fitted(f), log = TRUE)))
}
best <- optimize(function(l) profile(l)$value, log(nb$theta) + c(-0.5, 0.5), maximum = TRUE, tol = 1e-10)$maximum
refined <- profile(best)
claims <- subset(table, count > 0)
gamma_fit <- glm(I(amount / count) ~ zone + age, Gamma("log"), claims, weights = count, control = control)
gamma_likelihood <- function(shape) with(claims, sum(dgamma(amount / count, shape * count,
  rate = shape * count / fitted(gamma_fit), log = TRUE)))
shape <- optimize(gamma_likelihood, c(0.05, 20), maximum = TRUE, tol = 1e-12)$maximum

cost <- table$amount / table$exposure
design <- model.matrix(~zone + age, table)
tweedie_fit <- function(p) glm(cost ~ zone + age, tweedie(var.power = p, link.power = 0), table, weights = exposure,
                               control = control)
# Variance phi * mean^p / exposure: Poisson of mean a, each claim gamma of shape b and scale c.
tweedie_likelihood <- function(mean, phi, p) {
  v <- phi / table$exposure
  a <- mean^(2 - p) / (v * (2 - p)); b <- (2 - p) / (p - 1); c <- v * (p - 1) * mean^(p - 1)
  k <- 1:400
  sum(mapply(function(y, a, c) if (y == 0) -a else {
    terms <- dpois(k, a, log = TRUE) + dgamma(y, k * b, scale = c, log = TRUE)
    max(terms) + log(sum(exp(terms - max(terms))))
  }, cost, a, c))
}
goal <- function(q) -tweedie_likelihood(exp(drop(design %*% q[1:4])), exp(q[5]), 1 + plogis(q[6]))
ends <- lapply(c(1.3, 1.7), function(p) {
  q <- c(coef(tweedie_fit(p)), log(summary(tweedie_fit(p))$dispersion), qlogis(p - 1))
  for (i in 1:3) q <- optim(q, goal, method = "BFGS", control = list(reltol = 1e-14, maxit = 500))$par
  q
})
q <- ends[[which.min(sapply(ends, goal))]]
slow <- function(f, x) numDeriv::hessian(f, x, method.args = list(d = 0.01))
for (i in 1:4) q <- q - solve(slow(goal, q), grad(goal, q))
profiled <- list(power = 1 + plogis(q[[6]]), dispersion = exp(q[[5]]), coefficients = unname(q[1:4]),
                 log_likelihood = -goal(q), error_of_power = sqrt(solve(slow(goal, q))[6, 6]) * plogis(q[[6]]) *
                   (1 - plogis(q[[6]])))
fixed <- tweedie_fit(1.5)
phi <- exp(optimize(function(l) tweedie_likelihood(fitted(fixed), exp(l), 1.5), c(-3, 12), maximum = TRUE,
                    tol = 1e-10)$maximum)
text <- toJSON(list(
  what = "Regressions with log link of an invented tariff table; columns: (Intercept), zone south, zone west, age",
  made_by = sprintf("make_glm.R with %s, MASS %s, statmod %s, numDeriv %s, %s", R.version.string,
    packageVersion("MASS"), packageVersion("statmod"), packageVersion("numDeriv"), Sys.Date()),
  tolerance = paste("coefficients and errors relative 1e-8 (Poisson, gamma, Tweedie of given power), 1e-6 (negative",
    "binomial, profiled power), log-likelihoods absolute 1e-6, dispersions relative 1e-6"),
  table = as.list(table),
  poisson = told(poisson_fit, list(log_likelihood = c(logLik(poisson_fit)))),
  negative_binomial = list(theta = exp(best), coefficients = unname(coef(refined$fit)),
    standard_errors_given_theta = unname(sqrt(diag(summary(refined$fit, dispersion = 1)$cov.scaled))),
    log_likelihood = refined$value),
  gamma = told(gamma_fit, list(shape = shape, log_likelihood = gamma_likelihood(shape))),
  tweedie_1.5 = told(fixed, list(dispersion = phi, log_likelihood = tweedie_likelihood(fitted(fixed), phi, 1.5))),
  tweedie_profiled = profiled), auto_unbox = TRUE, digits = 14)
write(gsub("},\"", "},\n\"", gsub("],\"", "],\n\"", text, fixed = TRUE), fixed = TRUE), "glm.json")
