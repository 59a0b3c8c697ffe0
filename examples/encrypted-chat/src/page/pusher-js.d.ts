// The package has no types for this entry.
declare module "pusher-js/with-encryption" {
  import Pusher from "pusher-js";
  export default Pusher;
}
