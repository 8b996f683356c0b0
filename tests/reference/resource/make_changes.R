# SPDX-License-Identifier: Apache-2.0
# Writes changes_tests.csv, changes_f.csv and changes_nulls.csv: tests of steps and trends in R on real records. Run from
# this folder: Rscript make_changes.R (Debian: r-base-core, r-cran-strucchange, r-cran-boot; R 4.2.2, strucchange 1.5-3,
# boot 1.3-28.1; half a minute). Nothing of greenrisk is used but the table of fires in data/.
#
# sup_f, break_year, bic_step: strucchange (Fstats from 15 %, breakpoints with one break and the same trimming).
# p_asymptotic: strucchange's approximation of Hansen (1997) for independent years.
# bic_*: stats::BIC of lm less n (log(2 pi) + 1) + log(n), so that sigma is not counted.
# kendall_p: stats::cor.test (Kendall, with the correction for continuity) for independent years.
# pettitt_*: from the statistic of stats::wilcox.test of every split. sen_slope: median of all slopes.
# changes_nulls.csv: quantiles of the largest F of 40,000 autoregressions without a step, by stats::arima.sim.
# Tolerance: 1e-9 relative; of a chance, 4 standard errors of both simulations together.
suppressMessages({library(strucchange); library(boot)})
data(manaus)
fires <- read.csv("../../../data/fires_jiangxi_neighbours_2009_2021.csv")
stage <- matrix(as.numeric(manaus), ncol = 12, byrow = TRUE)
jiangxi <- fires$damaged_forest_ha[fires$province == "Jiangxi"]
around <- tapply(fires$damaged_forest_ha[fires$province != "Jiangxi"], fires$year[fires$province != "Jiangxi"], sum)
records <- list(
  nile = list(first = 1871, x = as.numeric(Nile)), huron = list(first = 1875, x = as.numeric(LakeHuron)),
  manaus_min = list(first = 1903, x = apply(stage, 1, min)), manaus_mean = list(first = 1903, x = rowMeans(stage)),
  log_jiangxi = list(first = 2009, x = log(jiangxi)), log_neighbours = list(first = 2009, x = log(as.numeric(around))))

tests <- list(); statistics <- list()
for (name in names(records)) {
  x <- records[[name]]$x; n <- length(x); first <- records[[name]]$first; t <- seq_len(n)
  h <- max(2, floor(0.15 * n))
  f <- Fstats(x ~ 1, from = h, to = n - h)
  bp <- breakpoints(x ~ 1, h = h, breaks = 1)
  k <- breakpoints(bp, breaks = 1)$breakpoints
  one <- logLik(bp, breaks = 1)
  less <- n * (log(2 * pi) + 1) + log(n)
  kendall <- suppressWarnings(cor.test(t, x, method = "kendall", exact = FALSE, continuity = TRUE))
  u <- sapply(1:(n - 1), function(i) {
    w <- suppressWarnings(wilcox.test(x[1:i], x[(i + 1):n], exact = FALSE))$statistic
    2 * w - i * (n - i)
  })
  slopes <- outer(t, t, function(i, j) ifelse(i < j, (x[j] - x[i]) / (j - i), NA))
  tests[[name]] <- data.frame(record = name, years = n, first_year = first, sup_f = max(f$Fstats),
    p_asymptotic = unname(sctest(f, type = "supF")$p.value), break_year = first + k - 1,
    bic_none = BIC(lm(x ~ 1)) - less, bic_linear = BIC(lm(x ~ t)) - less, bic_step = attr(one, "df") * log(n) - 2 * as.numeric(one) - less,
    kendall_p = kendall$p.value, sen_slope = median(slopes, na.rm = TRUE),
    pettitt_year = first + which.max(abs(u)) - 1,
    pettitt_p = min(1, 2 * exp(-6 * max(abs(u))^2 / (n^3 + n^2))))
  statistics[[name]] <- data.frame(record = name, last_year_before = first + h:(n - h) - 1, f = as.numeric(f$Fstats))
}
write.csv(format(do.call(rbind, tests), digits = 15, trim = TRUE), "changes_tests.csv", row.names = FALSE, quote = FALSE)
write.csv(format(do.call(rbind, statistics), digits = 15, trim = TRUE), "changes_f.csv", row.names = FALSE, quote = FALSE)

set.seed(20261124)
draws <- 40000
largest <- function(n, rho) {
  h <- max(2, floor(0.15 * n)); k <- h:(n - h)
  replicate(draws, {
    x <- if (rho == 0) rnorm(n) else as.numeric(arima.sim(list(ar = rho), n, n.start = 200))
    s <- cumsum(x); whole <- sum(x^2)
    left <- whole - s[k]^2 / k - (s[n] - s[k])^2 / (n - k)
    max((whole - s[n]^2 / n - left) / (left / (n - 2)))
  })
}
nulls <- list()
for (n in c(13, 50, 90)) for (rho in c(0, 0.4, 0.8)) {
  q <- quantile(largest(n, rho), c(0.5, 0.9, 0.95, 0.99), names = FALSE)
  nulls[[length(nulls) + 1]] <- data.frame(years = n, rho = rho, chance = c(0.5, 0.1, 0.05, 0.01), f = q, draws = draws)
}
write.csv(format(do.call(rbind, nulls), digits = 10, trim = TRUE), "changes_nulls.csv", row.names = FALSE, quote = FALSE)
