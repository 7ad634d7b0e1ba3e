/**
 * Ids of the page's entries. Made of the entry's own id alone, so that a link into a report still leads to the same
 * clause or check in the report of another run.
 */
export const clauseAnchor = (id: string): string => `clause-${id}`
export const checkAnchor = (id: string): string => `check-${id.replace(/[^\w-]+/g, '-')}`
export const loadAnchor = (scenario: string): string => `load-${scenario.replace(/[^\w-]+/g, '-')}`
export const defectAnchor = (id: string): string => `defect-${id}`
