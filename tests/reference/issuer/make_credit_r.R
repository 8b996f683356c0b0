# SPDX-License-Identifier: Apache-2.0
# Writes credit_r.json: matrix logarithm and exponential, a logit, rank correlations and Basel's capital as R has them.
# Run as `Rscript make_credit_r.R` in this folder; R 4.2.2 with jsonlite and Matrix was used. greenrisk takes no part.
# The matrix is S&P's one-year averages 1981-2016 with those not rated any more taken out and rows scaled to one.
library(jsonlite)
library(Matrix)

raw <- matrix(c(
  87.05, 9.03, 0.53, 0.05, 0.08, 0.03, 0.05, 0,
  0.52, 86.82, 8, 0.51, 0.05, 0.07, 0.02, 0.02,
  0.03, 1.77, 87.79, 5.33, 0.32, 0.13, 0.02, 0.06,
  0.01, 0.1, 3.51, 85.56, 3.79, 0.51, 0.12, 0.18,
  0.01, 0.03, 0.12, 4.97, 76.98, 6.92, 0.61, 0.72,
  0, 0.03, 0.09, 0.19, 5.15, 74.26, 4.46, 3.76,
  0, 0, 0.13, 0.19, 0.63, 12.91, 43.97, 26.78,
  0, 0, 0, 0, 0, 0, 0, 100), nrow = 8, byrow = TRUE)
p <- raw / rowSums(raw)
e <- eigen(p)
q <- Re(e$vectors %*% diag(log(e$values)) %*% solve(e$vectors))
clipped <- q
clipped[row(q) != col(q) & clipped < 0] <- 0
clipped[8, ] <- 0
diag(clipped) <- 0
diag(clipped) <- -rowSums(clipped)
terms <- c(0.25, 1, 4.5, 20)
after <- lapply(terms, function(t) as.matrix(expm(clipped * t)))

# Moves in a bad year: average moves binned on a normal scale, rho 0.1, factor -1.7.
conditional <- t(apply(p, 1, function(row) {
  worse <- rev(cumsum(rev(row)))
  b <- qnorm(pmin(pmax(worse, 0), 1))
  b[1] <- Inf
  tail <- c(pnorm((b - sqrt(0.1) * -1.7) / sqrt(1 - 0.1)), 0)
  tail[-9] - tail[-1]
}))

set.seed(11)
firms <- 400
years <- 3
id <- rep(seq_len(firms), each = years)
x1 <- round(rnorm(firms * years, 0.1, 0.2), 6)
x2 <- round(rnorm(firms * years, 0.06, 0.08), 6)
last <- rep(c(0, 0, 1), firms)
y <- as.integer(last == 1 & runif(firms * years) < plogis(-1.6 - 3 * x1 - 8 * x2))
fit <- glm(y ~ x1 + x2, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
# Sandwich with firms as clusters, with the factor G / (G - 1) * (N - 1) / (N - K) that statsmodels applies.
m <- model.matrix(fit)
u <- rowsum(m * (y - fitted(fit)), id)
bread <- vcov(fit)
n <- length(y)
small <- firms / (firms - 1) * (n - 1) / (n - 3)
cluster <- small * bread %*% crossprod(u) %*% bread

a <- round(rexp(60), 4)
b <- lapply(1:3, function(k) round(a * exp(rnorm(60, 0, 0.4 * k)), 3))
b[[3]][1:10] <- b[[3]][1]
ranks <- lapply(b, function(d) c(kendall = cor(a, d, method = "kendall"), spearman = cor(a, d, method = "spearman")))

capital <- function(pd, lgd, m, s) {
  w <- (1 - exp(-50 * pd)) / (1 - exp(-50))
  r <- 0.12 * w + 0.24 * (1 - w) - 0.04 * (1 - (min(max(s, 5), 50) - 5) / 45)
  k <- lgd * (pnorm((qnorm(pd) + sqrt(r) * qnorm(0.999)) / sqrt(1 - r)) - pd)
  v <- (0.11852 - 0.05478 * log(pd))^2
  k * (1 + (m - 2.5) * v) / (1 - 1.5 * v)
}
exposures <- list(c(0.0007, 0.45, 2.5, 50), c(0.02, 0.6, 4, 12), c(0.2, 0.4, 1, 5))

write_json(list(
  made_by = paste(R.version.string, "jsonlite", packageVersion("jsonlite"), "Matrix", packageVersion("Matrix")),
  matrix = p, logarithm = q, clipped = clipped, terms = terms, after = after, conditional = conditional,
  logit = list(firm = id, year = rep(1:years, firms), x1 = x1, x2 = x2, y = y, coefficients = unname(coef(fit)),
    covariance = unname(cluster), log_likelihood = as.numeric(logLik(fit)),
    null = as.numeric(logLik(glm(y ~ 1, family = binomial)))),
  ranks = list(base = a, draws = b, found = lapply(ranks, as.list)),
  capital = lapply(exposures, function(e) list(exposure = e, k = capital(e[1], e[2], e[3], e[4])))
), "credit_r.json", digits = NA, auto_unbox = TRUE)
cat(sum(y), "failures\n")
