/**
 * What the world sees: {@link dev.tandem.web.WebVerticle} opens the port and lays the routes.
 *
 * <p>{@code RunRoutes} starts and shows runs, with {@code RunRequest} turning JSON into settings by
 * the schema, and {@code SchemaFault} saying what is wrong with it. {@code LiveRoutes} streams, by
 * {@code Streams} what is long. {@code OperatorRoutes} has metrics and health, {@code PageRoutes}
 * the page. Every error is a {@code Problem}. {@code Security} stands before all of them.
 */
package dev.tandem.web;
