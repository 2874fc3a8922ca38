/** Networks trained by gradient descent on their singular values, and the tasks that teachers set them. */
export { type TrainingLoss, makePass, type Pass, type Samples } from "./backpropagation.ts";
export {
  type LayerSpec,
  type SpectralLayer,
  type SpectralNetwork,
  singularValuesOf,
  spectralNetwork,
  type Trained,
  weightsOf
} from "./spectralNetwork.ts";
export { type SpectralTrainingOptions, spectralTraining, type TrainingFrame } from "./spectralTraining.ts";
export { outputsOf, type Task, type TeacherTaskOptions, teacherTask } from "./teacherTask.ts";
