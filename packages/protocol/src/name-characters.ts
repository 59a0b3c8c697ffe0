/** The characters of channel names and user ids. Source: Channels documentation and all official libraries. */
export const nameCharacters = /^[A-Za-z0-9_\-=@,.;]+$/;
