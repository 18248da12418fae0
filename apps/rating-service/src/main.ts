import { runService, serviceEnvironment } from "@bookmesh/http-service";
import { ratingService } from "./rating-service.ts";
import { v1Ratings, v2Ratings } from "./ratings.ts";

const env = serviceEnvironment(process.env);
const version = process.env["RATING_VERSION"] === "v2" ? "v2" : "v1";
const ratings = version === "v2" ? v2Ratings(Math.random) : v1Ratings;

await runService(await ratingService({ version, ratings, logFormat: env.logFormat }), env);
