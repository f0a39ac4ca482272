import type { DeserializedData } from 'keyv';

/** JSON; what is not JSON (another writer's key, a cut value) is a miss instead of an error. */
export const readableOrAbsent = {
  serialize: (data: DeserializedData<unknown>): string => JSON.stringify(data),
  deserialize: <T>(text: string): DeserializedData<T> | undefined => {
    try {
      return JSON.parse(text) as DeserializedData<T>;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  },
};
