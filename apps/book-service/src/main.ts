import { runService, serviceEnvironment } from "@bookmesh/http-service";
import { bookService } from "./book-service.ts";
import { ratingClient } from "./rating-client.ts";

const env = serviceEnvironment(process.env);
const rate = ratingClient(process.env["RATING_URL"] ?? "http://rating:8080");

await runService(await bookService({ rate, logFormat: env.logFormat }), env);
